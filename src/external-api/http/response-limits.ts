import type { IncomingMessage } from 'node:http';
import type { UpstreamLimit } from '../external-api.js';
import { readRateLimits } from './rate-limit-headers.js';
import type { RateLimitNames } from './rate-limit-names.js';
import { readRetryAfter } from './retry-after.js';

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;

/**
 * Reads the limits that the head of a response tells. `Retry-After` counts in a 429 and a 503, and then the other
 * headers do not: they may tell of another limit (RFC 9110 and draft-ietf-httpapi-ratelimit-headers give it precedence).
 */
export function readLimits(
  answer: Pick<IncomingMessage, 'statusCode' | 'headers' | 'headersDistinct'>,
  names: RateLimitNames,
  nowMs: number,
): readonly UpstreamLimit[] {
  const { statusCode, headers, headersDistinct } = answer;
  const read = (name: string): readonly string[] => headersDistinct[name.toLowerCase()] ?? [];
  const clock = { date: headers.date, nowMs };
  const isRefusal = statusCode === TOO_MANY_REQUESTS || statusCode === SERVICE_UNAVAILABLE;
  const retryAfter = isRefusal ? readRetryAfter(read('Retry-After'), clock) : undefined;
  if (retryAfter !== undefined) {
    return [retryAfter];
  }
  const isFromCache = Number(headers.age) > 0; // its limits are those of another moment
  return isFromCache ? [] : readRateLimits(read, names, clock, statusCode === TOO_MANY_REQUESTS);
}

/**
 * Returns the wait that a response without results asks for, in ms; 0 if it asks for none. Only a 429, and a 503 with
 * `Retry-After`, are refusals that cost no attempt.
 */
export function toRetryAfterMs(status: number, limits: readonly UpstreamLimit[]): number {
  const counting = limits.filter(
    ({ remaining, header }) =>
      remaining === 0 &&
      (status === TOO_MANY_REQUESTS || (status === SERVICE_UNAVAILABLE && header === 'Retry-After')),
  );
  return counting.reduce((longest, { resetInMs }) => Math.max(longest, resetInMs), 0);
}
