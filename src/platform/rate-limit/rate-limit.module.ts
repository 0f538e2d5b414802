import { Global, Module } from '@nestjs/common';
import { IdRateLimiter } from './id-rate-limiter.js';
import { OpenStreams } from './open-streams.js';
import { RateLimitGuard } from './rate-limit.guard.js';

/** Rate limits per client. If no limit is set, nothing is counted. */
@Global()
@Module({
  providers: [RateLimitGuard, IdRateLimiter, OpenStreams],
  exports: [RateLimitGuard, IdRateLimiter, OpenStreams],
})
export class RateLimitModule {}
