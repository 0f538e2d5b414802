import type { UpstreamLimit } from '../external-api.js';
import { parseWaitMs, type ResponseClock } from './wait-time.js';

/**
 * Reads the values of `Retry-After`: seconds or a date, see {@link parseWaitMs}. The longest wait counts. Returns
 * undefined if no value asks to wait.
 */
export function readRetryAfter(values: readonly string[], clock: ResponseClock): UpstreamLimit | undefined {
  const waitsMs = values.map((value) => parseWaitMs(value, clock) ?? 0);
  const resetInMs = Math.max(0, ...waitsMs);
  return resetInMs > 0 ? { remaining: 0, resetInMs, header: 'Retry-After' } : undefined;
}
