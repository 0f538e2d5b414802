import type { HttpUpstream } from '../external-api/http-upstream.js';

/** What a lane has for itself. */
export interface LaneSettings {
  readonly name: string;
  readonly batchSize: number;
  readonly batchDelayMs: number;
  readonly maxInFlight: number;
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly externalApiTimeoutMs: number;
  /** Without it the simulated API stands in. */
  readonly upstream: HttpUpstream | undefined;
  /** The longest that an upstream's Retry-After is heeded; 0: not at all. */
  readonly retryAfterMaxMs: number;
  /** Failed dispatches in a row that open the breaker; 0: there is none. */
  readonly breakerThreshold: number;
  readonly breakerCooldownMs: number;
}
