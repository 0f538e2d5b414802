import type { Client } from './client.js';

/** Tells who holds a key or a token. */
export abstract class Authenticator {
  /**
   * Null where nobody does.
   * @throws TooManyChecksError, IssuerUnavailableError: it cannot be told now.
   */
  abstract authenticate(credential: string): Promise<Client | null>;
}

/** More keys are being checked than the processor should be given for. Becomes 503 with `Retry-After`. */
export class TooManyChecksError extends Error {
  override readonly name = 'TooManyChecksError';

  constructor() {
    super('too many keys are being checked');
  }
}

/** The identity provider's keys cannot be had. Becomes 503 with `Retry-After`. */
export class IssuerUnavailableError extends Error {
  override readonly name = 'IssuerUnavailableError';

  constructor(options?: ErrorOptions) {
    super('the keys of the token issuer cannot be read', options);
  }
}
