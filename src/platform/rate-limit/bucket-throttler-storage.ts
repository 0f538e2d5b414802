import type { ThrottlerStorage } from '@nestjs/throttler';
import type { RateLimitStore } from './rate-limit.store.js';

type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Adapts the rate limit store to the storage of the throttler library. Times are in ms. */
export class BucketThrottlerStorage implements ThrottlerStorage {
  constructor(private readonly store: RateLimitStore) {}

  async increment(key: string, ttl: number, limit: number): Promise<ThrottlerRecord> {
    const { isAllowed, fullInMs } = await this.store.consume({ key, amount: 1 }, { limit, windowMs: ttl });
    return {
      totalHits: Math.ceil((fullInMs * limit) / ttl),
      timeToExpire: fullInMs,
      isBlocked: !isAllowed,
      timeToBlockExpire: isAllowed ? 0 : Math.max(0, fullInMs + ttl / limit - ttl),
    };
  }
}
