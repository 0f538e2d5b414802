import { SECOND_MS } from '../../platform/config/units.js';
import type { Variables } from '../../platform/config/variables.js';

/** Options of one lane: its pace, its retries and its circuit breaker. */
export class LaneOptions {
  readonly batchSize: number;
  readonly batchDelayMs: number;
  /** Maximum number of calls in flight. */
  readonly maxInFlight: number;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Time after which a call is aborted. */
  readonly timeoutMs: number;
  /** The longest time that a Retry-After holds the lane; 0 ignores the header. */
  readonly retryAfterMaxMs: number;
  /** Failed dispatches in a row that open the breaker; 0 turns it off. */
  readonly breakerThreshold: number;
  readonly breakerCooldownMs: number;

  constructor(
    readonly name: string,
    variables: Variables,
  ) {
    this.batchSize = variables.BATCH_SIZE;
    this.batchDelayMs = variables.BATCH_DELAY * SECOND_MS;
    this.maxInFlight = variables.MAX_IN_FLIGHT;
    this.maxAttempts = variables.MAX_ATTEMPTS;
    this.retryBaseMs = variables.RETRY_BASE * SECOND_MS;
    this.retryMaxMs = variables.RETRY_MAX * SECOND_MS;
    this.timeoutMs = variables.EXTERNAL_API_TIMEOUT * SECOND_MS;
    this.retryAfterMaxMs = variables.RETRY_AFTER_MAX * SECOND_MS;
    this.breakerThreshold = variables.BREAKER_THRESHOLD;
    this.breakerCooldownMs = variables.BREAKER_COOLDOWN * SECOND_MS;
  }
}
