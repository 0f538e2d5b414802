import { DomainError } from '../../domain/domain-error.js';

/** A client keeps too many requests open at the same time. Becomes 429. */
export class TooManyStreamsError extends DomainError {
  override readonly kind = 'rate_limited';
  override readonly name = 'TooManyStreamsError';

  constructor(limit: number) {
    super(
      `${String(limit)} event streams, long polls, streamed lists and long responses of this client are open already`,
      { retryAfterSeconds: 5 },
    );
  }
}
