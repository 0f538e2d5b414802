import type { Runtime } from '../../domain/runtime.js';

export interface RateLimitBackoffOptions {
  /** Maximum hold after the first refusal; it doubles with each further one. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/** The least base of the backoff. These refusals cost no attempt, so without a pause they would go on for ever. */
const MIN_BASE_MS = 1000;

/**
 * Decides how long a lane is held after a 429 that does not say for how long: exponential backoff with equal jitter,
 * between half of the maximum and the whole. It grows with each refusal in a row and starts anew after a success.
 */
export class RateLimitBackoff {
  private refusals = 0;
  /** The time of the last refusal that counted. */
  private refusedAtMs = -Infinity;

  constructor(
    private readonly options: RateLimitBackoffOptions,
    private readonly runtime: Pick<Runtime, 'random' | 'monotonicMs'>,
  ) {}

  /**
   * Counts a refusal and returns the time to hold the lane, in ms. Calls that were in flight at the same time count as
   * one: a call that began before the last refusal tells nothing new.
   */
  refused(callStartedMs: number): number {
    if (callStartedMs > this.refusedAtMs) {
      this.refusals += 1;
      this.refusedAtMs = this.runtime.monotonicMs();
    }
    const baseMs = Math.max(this.options.baseMs, MIN_BASE_MS);
    const ceilingMs = Math.min(Math.max(this.options.maxMs, MIN_BASE_MS), baseMs * 2 ** (this.refusals - 1));
    return ceilingMs * (0.5 + this.runtime.random() / 2);
  }

  /** Counts a success. A call that began before the last refusal does not count. */
  succeeded(callStartedMs: number): void {
    if (callStartedMs > this.refusedAtMs) {
      this.refusals = 0;
    }
  }
}
