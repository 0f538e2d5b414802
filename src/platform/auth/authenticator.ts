import { DomainError } from '../../domain/domain-error.js';
import type { Client } from './authenticated-client.js';

/** Tells who holds a key or a token. */
export abstract class Authenticator {
  /**
   * Null where nobody does.
   * @throws TooManyChecksError, IssuerUnavailableError: it cannot be told now.
   */
  abstract authenticate(credential: string): Promise<Client | null>;
}

/** More keys are being checked than the processor should be given for. Becomes 503 with `Retry-After`. */
export class TooManyChecksError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'TooManyChecksError';

  constructor() {
    super('too many keys are being checked', { retryAfterSeconds: 1 });
  }
}

/** The identity provider's keys cannot be had. Becomes 503 with `Retry-After`. */
export class IssuerUnavailableError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'IssuerUnavailableError';

  constructor(options?: ErrorOptions) {
    super('the keys of the token issuer cannot be read', { ...options, retryAfterSeconds: 1 });
  }
}
