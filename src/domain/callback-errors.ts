import { DomainError } from './domain-error.js';

/** A callback URL that is not accepted, and why. Becomes 400. */
export class CallbackRefusedError extends DomainError {
  override readonly kind = 'invalid';
  override readonly name = 'CallbackRefusedError';

  constructor(reason: string) {
    super(reason, { detail: `callback_url ${reason}`, fields: [{ field: 'callback_url', message: reason }] });
  }
}
