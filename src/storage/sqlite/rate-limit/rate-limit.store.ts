import {
  ROUNDING_MS,
  type RateLimit,
  type RateLimitStore,
  type ConsumeRequest,
  type BucketState,
} from '../../../platform/rate-limit/rate-limit.store.js';
import type { Clock } from '../../../domain/clock.js';

/** From this many buckets on, full ones are deleted. */
const TIDY_MIN_BUCKETS = 10_000;

/** Stores buckets in memory: the embedded store has one process. A restart resets them. */
export class MemoryRateLimitStore implements RateLimitStore {
  /** The time at which each bucket is full again, on the monotonic clock. */
  private readonly fullMs = new Map<string, number>();
  private tidiedFrom = TIDY_MIN_BUCKETS;

  constructor(private readonly clock: Clock) {}

  async consume(
    { key, amount, allowDebt = false }: ConsumeRequest,
    { limit, windowMs }: RateLimit,
  ): Promise<BucketState> {
    const nowMs = this.clock.monotonicMs();
    const beforeMs = Math.max(this.fullMs.get(key) ?? 0, nowMs);
    const afterMs = beforeMs + (amount * windowMs) / limit;
    const isAllowed = allowDebt || beforeMs === nowMs || afterMs - nowMs <= windowMs + ROUNDING_MS;
    if (isAllowed) {
      this.fullMs.set(key, afterMs);
      this.tidy(nowMs);
    }
    return { isAllowed, fullInMs: (isAllowed ? afterMs : beforeMs) - nowMs };
  }

  private tidy(nowMs: number): void {
    if (this.fullMs.size > this.tidiedFrom) {
      for (const [key, fullMs] of this.fullMs) {
        if (fullMs <= nowMs) {
          this.fullMs.delete(key);
        }
      }
      this.tidiedFrom = Math.max(TIDY_MIN_BUCKETS, 2 * this.fullMs.size);
    }
  }
}
