import type { ExpressAdapter } from '@nestjs/platform-express';

/** Headers that a page of another origin can read only if they are listed. */
const EXPOSED_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
];
const PREFLIGHT_SECONDS = 600;

/** Lets pages of these origins read responses. They authenticate with a key, never with a cookie. */
export function enableCors(adapter: ExpressAdapter, origins: readonly string[]): void {
  if (origins.length > 0) {
    adapter.enableCors({
      origin: origins.includes('*') ? '*' : [...origins],
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: PREFLIGHT_SECONDS,
    });
  }
}
