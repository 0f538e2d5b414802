import { DomainError } from './domain-error.js';

/** The store cannot do it now; nothing of what was asked has been kept. Becomes 503 with `Retry-After`. */
export class StoreUnavailableError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'StoreUnavailableError';

  /** The client is told no more than that: the message may name hosts and files. */
  constructor(
    message: string,
    { detail = 'the store is unavailable', ...options }: ErrorOptions & { readonly detail?: string } = {},
  ) {
    super(message, { ...options, detail, retryAfterSeconds: 1 });
  }
}

/** The files of the store are gone or damaged. That does not pass: somebody has to mend it and start the service again. */
export class StoreLostError extends StoreUnavailableError {
  /** `detail` is for every client; `message` is for the log and may name paths. */
  constructor(detail: string, message: string, options?: ErrorOptions) {
    super(message, { ...options, detail });
  }
}

/** The store cannot be used at all: its place, its file or its schema is wrong. Stops the start with one line. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}
