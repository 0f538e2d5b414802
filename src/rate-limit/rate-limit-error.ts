/** Over the rate limit of a client. Becomes 429. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError';

  constructor(
    limit: number,
    things: string,
    readonly retryAfterSeconds: number,
  ) {
    super(`over the limit of ${String(limit)} ${things} a minute`);
  }
}
