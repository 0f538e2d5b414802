import type { Environment } from './environment.js';
import type { LaneSettings } from './lane-settings.js';
import { toUpstream } from './upstream-config.js';

const SECOND_MS = 1000;

/** @throws ConfigError */
export function toLaneSettings(name: string, environment: Environment): LaneSettings {
  return {
    name,
    batchSize: environment.BATCH_SIZE,
    batchDelayMs: environment.BATCH_DELAY * SECOND_MS,
    maxInFlight: environment.MAX_IN_FLIGHT,
    maxAttempts: environment.MAX_ATTEMPTS,
    retryBaseMs: environment.RETRY_BASE * SECOND_MS,
    retryMaxMs: environment.RETRY_MAX * SECOND_MS,
    externalApiTimeoutMs: environment.EXTERNAL_API_TIMEOUT * SECOND_MS,
    upstream: toUpstream(environment),
    retryAfterMaxMs: environment.RETRY_AFTER_MAX * SECOND_MS,
    breakerThreshold: environment.BREAKER_THRESHOLD,
    breakerCooldownMs: environment.BREAKER_COOLDOWN * SECOND_MS,
  };
}
