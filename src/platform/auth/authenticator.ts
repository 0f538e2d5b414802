import type { Observable } from 'rxjs';
import { DomainError } from '../../domain/domain-error.js';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';

/** Finds the client that owns a key or a token. */
export abstract class Authenticator {
  /** Emits when credentials may have become invalid for another reason than time. */
  abstract readonly changes: Observable<void>;

  /**
   * Resolves with the client; null if the credential is not valid.
   * @throws TooManyKeyChecksError, TokenIssuerUnavailableError if it cannot be checked now.
   */
  abstract authenticate(credential: string): Promise<AuthenticatedClient | null>;
}

/** Too many keys are being checked at the same time. Becomes 503 with `Retry-After`. */
export class TooManyKeyChecksError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'TooManyKeyChecksError';

  constructor() {
    super('too many keys are being checked', { retryAfterSeconds: 1 });
  }
}

/** The public keys of the identity provider cannot be fetched. Becomes 503 with `Retry-After`. */
export class TokenIssuerUnavailableError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'TokenIssuerUnavailableError';

  constructor(options?: ErrorOptions) {
    super('the keys of the token issuer cannot be read', { ...options, retryAfterSeconds: 1 });
  }
}
