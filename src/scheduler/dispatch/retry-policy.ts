import type { Outcome } from '../../domain/dispatch.js';
import type { Runtime } from '../../domain/runtime.js';
import type { IdResult } from './match-results.js';

export interface RetryOptions {
  /** Maximum number of attempts, including the first. */
  readonly maxAttempts: number;
  /** Maximum delay of the first retry; it doubles with each further retry. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** If true, the upstream's data is stored with the outcome. */
  readonly storesResults: boolean;
  /** If true, a 429 and a response with `Retry-After` count no attempt. */
  readonly honorsRetryAfter: boolean;
}

/**
 * Decides if and when a failed id is retried: exponential backoff with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export class RetryPolicy {
  constructor(
    private readonly options: RetryOptions,
    private readonly runtime: Pick<Runtime, 'random'>,
  ) {}

  /** Decides the outcome of an id; `failures` is the number of its failed attempts before this one. */
  decide(result: IdResult, failures: number): Outcome {
    if (result.ok) {
      // The outcome is always stored: otherwise a completed id could not be told from a pending or cancelled one.
      return { kind: 'completed', dataJson: this.options.storesResults ? result.dataJson : null };
    }
    const { error, permanent, retryAfterMs, isRateLimited, isUnsent, isRefused, isOutcomeUnknown } = result;
    if (isUnsent === true || isRefused === true) {
      return { kind: 'postponed', cause: error };
    }
    if (this.options.honorsRetryAfter && (retryAfterMs !== undefined || isRateLimited === true)) {
      return { kind: 'postponed' };
    }
    if (permanent || failures + 1 >= this.options.maxAttempts) {
      return { kind: 'failed', error };
    }
    const delayMs = this.runtime.random() * this.ceilingMs(failures);
    return { kind: 'retry', error, delayMs, ...(isOutcomeUnknown === true && { isOutcomeUnknown }) };
  }

  private ceilingMs(failures: number): number {
    return Math.min(this.options.maxMs, this.options.baseMs * 2 ** failures);
  }
}
