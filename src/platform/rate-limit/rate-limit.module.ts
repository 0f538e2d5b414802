import { Global, Module } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { IdRateLimiter } from './id-rate-limiter.js';
import { RateLimitOptions } from './rate-limit.options.js';
import { RateLimitStore } from './rate-limit.store.js';
import { MINUTE_MS } from '../config/units.js';

/** The token of the guard that counts requests; its value is null if there is no limit. */
export const REQUEST_LIMIT = Symbol('request limit');

/** Rate limits per client. If no limit is set, nothing is counted and the counting code is not loaded. */
@Global()
@Module({
  providers: [
    {
      provide: REQUEST_LIMIT,
      inject: [RateLimitOptions, RateLimitStore, Reflector],
      useFactory: async (
        { requestsPerMinute: limit }: RateLimitOptions,
        store: RateLimitStore,
        reflector: Reflector,
      ) => {
        if (limit === null) {
          return null;
        }
        const { RateLimitGuard } = await import('./rate-limit.guard.js');
        const { BucketThrottlerStorage } = await import('./bucket-throttler-storage.js');
        return new RateLimitGuard([{ ttl: MINUTE_MS, limit }], new BucketThrottlerStorage(store), reflector);
      },
    },
    {
      provide: IdRateLimiter,
      inject: [RateLimitOptions, RateLimitStore],
      useFactory: async ({ idsPerMinute: limit }: RateLimitOptions, store: RateLimitStore) => {
        if (limit === null) {
          return new IdRateLimiter(store, null, () => '');
        }
        const { rateLimitKey } = await import('./rate-limit-key.js');
        return new IdRateLimiter(store, { limit, windowMs: MINUTE_MS }, rateLimitKey);
      },
    },
  ],
  exports: [IdRateLimiter, REQUEST_LIMIT],
})
export class RateLimitModule {}
