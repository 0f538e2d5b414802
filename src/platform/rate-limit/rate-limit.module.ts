import { Global, Module } from '@nestjs/common';
import { IdRateLimiter } from './id-rate-limiter.js';
import { RateLimitGuard } from './rate-limit.guard.js';

/** Rate limits per client. If no limit is set, nothing is counted. */
@Global()
@Module({ providers: [RateLimitGuard, IdRateLimiter], exports: [RateLimitGuard, IdRateLimiter] })
export class RateLimitModule {}
