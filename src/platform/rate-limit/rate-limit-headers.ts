import type { Response } from 'express';
import type { RateLimit, BucketState } from './rate-limit.store.js';

/** Tolerance for whole numbers that rounding of times has changed. */
const ROUNDING = 0.01;

/** Sets the headers of draft-ietf-httpapi-ratelimit-headers: structured fields with one item per policy. */
export function setRateLimitHeaders(
  response: Response,
  name: string,
  { limit, windowMs }: RateLimit,
  { fullInMs }: BucketState,
): void {
  if (response.headersSent) {
    return;
  }
  const remaining = Math.max(0, Math.floor(((windowMs - fullInMs) * limit) / windowMs + ROUNDING));
  set(response, 'RateLimit-Policy', name, `q=${String(limit)};w=${String(windowMs / 1000)}`);
  set(
    response,
    'RateLimit',
    name,
    `r=${String(remaining)};t=${String(Math.ceil(fullInMs / 1000 - ROUNDING))}`,
  );
}

/** Replaces the item of this policy and keeps those of others. */
function set(response: Response, header: string, name: string, parameters: string): void {
  const others = String(response.getHeader(header) ?? '')
    .split(', ')
    .filter((item) => item !== '' && !item.startsWith(`"${name}";`));
  response.setHeader(header, [...others, `"${name}";${parameters}`].join(', '));
}
