const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

/** Between the first attempt and the second. */
const BASE_DELAY_MS = 5 * SECOND_MS;
const MAX_DELAY_MS = 2 * HOUR_MS;
const GROWTH = 3;
/** After this no further attempt is made. */
const MAX_RETRY_DURATION_MS = 24 * HOUR_MS;

/**
 * How long a delivery waits after its `attempts`-th attempt has failed, `queuedMsAgo` after it was written; null where
 * it is given up. A tenth of jitter either way, so that many to one receiver do not come at once.
 */
export function nextAttemptInMs(attempts: number, queuedMsAgo: number, random: () => number): number | null {
  const fullMs = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * GROWTH ** (attempts - 1));
  const delayMs = fullMs * (0.9 + 0.2 * random());
  return queuedMsAgo + delayMs > MAX_RETRY_DURATION_MS ? null : delayMs;
}
