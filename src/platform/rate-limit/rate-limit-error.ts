import { DomainError } from '../../domain/domain-error.js';

/** A client exceeded its rate limit. Becomes 429. */
export class RateLimitError extends DomainError {
  override readonly kind = 'rate_limited';
  override readonly name = 'RateLimitError';

  constructor(limit: number, things: string, retryAfterSeconds: number) {
    super(`over the limit of ${String(limit)} ${things} a minute`, { retryAfterSeconds });
  }
}
