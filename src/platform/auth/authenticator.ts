import { DomainError } from '../../domain/domain-error.js';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';

/** Tells who holds a key or a token. */
export abstract class Authenticator {
  /**
   * Null where nobody does.
   * @throws TooManyKeyChecksError, TokenIssuerUnavailableError: it cannot be told now.
   */
  abstract authenticate(credential: string): Promise<AuthenticatedClient | null>;
}

/** More keys are being checked than the processor should be given for. Becomes 503 with `Retry-After`. */
export class TooManyKeyChecksError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'TooManyKeyChecksError';

  constructor() {
    super('too many keys are being checked', { retryAfterSeconds: 1 });
  }
}

/** The identity provider's keys cannot be had. Becomes 503 with `Retry-After`. */
export class TokenIssuerUnavailableError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'TokenIssuerUnavailableError';

  constructor(options?: ErrorOptions) {
    super('the keys of the token issuer cannot be read', { ...options, retryAfterSeconds: 1 });
  }
}
