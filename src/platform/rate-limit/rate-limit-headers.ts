import type { Response } from 'express';
import type { RateLimit, BucketState } from './rate-limit.store.js';

/** Of numbers that are whole but for the rounding of times. */
const ROUNDING = 0.01;

/** Says how a limit stands, as draft-ietf-httpapi-ratelimit-headers does: items of structured fields, one a policy. */
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

/** In place of what was said of this policy before, beside that of others. */
function set(response: Response, header: string, name: string, parameters: string): void {
  const others = String(response.getHeader(header) ?? '')
    .split(', ')
    .filter((item) => item !== '' && !item.startsWith(`"${name}";`));
  response.setHeader(header, [...others, `"${name}";${parameters}`].join(', '));
}
