import type { Variables } from './variables.js';
import type { LaneSettings } from './lane-settings.js';
import { toUpstream } from './upstream-config.js';

const SECOND_MS = 1000;

/** @throws ConfigError */
export function toLaneSettings(name: string, variables: Variables): LaneSettings {
  return {
    name,
    batchSize: variables.BATCH_SIZE,
    batchDelayMs: variables.BATCH_DELAY * SECOND_MS,
    maxInFlight: variables.MAX_IN_FLIGHT,
    maxAttempts: variables.MAX_ATTEMPTS,
    retryBaseMs: variables.RETRY_BASE * SECOND_MS,
    retryMaxMs: variables.RETRY_MAX * SECOND_MS,
    externalApiTimeoutMs: variables.EXTERNAL_API_TIMEOUT * SECOND_MS,
    upstream: toUpstream(variables),
    retryAfterMaxMs: variables.RETRY_AFTER_MAX * SECOND_MS,
    breakerThreshold: variables.BREAKER_THRESHOLD,
    breakerCooldownMs: variables.BREAKER_COOLDOWN * SECOND_MS,
  };
}
