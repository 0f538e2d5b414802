import type { Outcome } from '../../domain/dispatch.js';
import type { IdResult } from './match-results.js';

export interface RetryOptions {
  /** Attempts in all, the first among them. */
  readonly maxAttempts: number;
  /** The first retry waits up to this long; each further one up to twice as long as the one before. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** Whether what the upstream answered is kept, or the outcome alone. */
  readonly storesResults: boolean;
  /** Whether an upstream that asks to be left alone costs no attempt. */
  readonly honorsRetryAfter: boolean;
}

/**
 * Decides whether a failed id is tried again, and when: exponential backoff with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export class RetryPolicy {
  constructor(
    private readonly options: RetryOptions,
    private readonly random: () => number,
  ) {}

  /** `failures`: failed attempts of the id before this one. */
  decide(result: IdResult, failures: number): Outcome {
    if (result.ok) {
      // That it completed is kept in any case: later nothing else would tell it from what waits or was cancelled.
      return { kind: 'completed', dataJson: this.options.storesResults ? result.dataJson : null };
    }
    const { error, permanent, retryAfterMs, isUnsent } = result;
    if (isUnsent === true) {
      return { kind: 'postponed', cause: error };
    }
    if (retryAfterMs !== undefined && this.options.honorsRetryAfter) {
      return { kind: 'postponed' };
    }
    if (permanent || failures + 1 >= this.options.maxAttempts) {
      return { kind: 'failed', error };
    }
    return { kind: 'retry', error, delayMs: this.random() * this.ceilingMs(failures) };
  }

  private ceilingMs(failures: number): number {
    return Math.min(this.options.maxMs, this.options.baseMs * 2 ** failures);
  }
}
