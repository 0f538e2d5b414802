import { DomainError } from './domain-error.js';

/** The callback URL is not accepted; the message says why. Becomes 400. */
export class CallbackNotAllowedError extends DomainError {
  override readonly kind = 'invalid';
  override readonly name = 'CallbackNotAllowedError';

  constructor(reason: string) {
    super(reason, { detail: `callback_url ${reason}`, fields: [{ field: 'callback_url', message: reason }] });
  }
}
