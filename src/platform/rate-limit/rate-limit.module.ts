import { Global, Module } from '@nestjs/common';
import { IdRateLimiter } from './id-rate-limiter.js';
import { AuthModule } from '../auth/auth.module.js';
import { OpenStreams } from './open-streams.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { TextStream } from './text-stream.js';

/** Rate limits per client. If no limit is set, nothing is counted. */
@Global()
@Module({
  imports: [AuthModule],
  providers: [RateLimitGuard, IdRateLimiter, OpenStreams, TextStream],
  exports: [RateLimitGuard, IdRateLimiter, OpenStreams, TextStream],
})
export class RateLimitModule {}
