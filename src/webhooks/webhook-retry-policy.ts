import { SECOND_MS } from '../platform/config/units.js';

const HOUR_MS = 3600 * SECOND_MS;

/** The delay between the first attempt and the second. */
const BASE_DELAY_MS = 5 * SECOND_MS;
const MAX_DELAY_MS = 2 * HOUR_MS;
const GROWTH = 3;
/** After this time no further attempt is made. */
const MAX_RETRY_DURATION_MS = 24 * HOUR_MS;

/**
 * Returns the delay in ms after the `attempts`-th attempt has failed, `queuedMsAgo` after the delivery was
 * created; null if it is abandoned. A jitter of 10 % either way spreads deliveries to one receiver.
 */
export function nextAttemptInMs(attempts: number, queuedMsAgo: number, random: () => number): number | null {
  const fullMs = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * GROWTH ** (attempts - 1));
  const delayMs = fullMs * (0.9 + 0.2 * random());
  return queuedMsAgo + delayMs > MAX_RETRY_DURATION_MS ? null : delayMs;
}
