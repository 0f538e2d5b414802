import { DomainError } from './domain-error.js';

/** The store cannot do this now, and nothing was stored. Becomes 503 with `Retry-After`. */
export class StoreUnavailableError extends DomainError {
  override readonly kind = 'unavailable';
  override readonly name = 'StoreUnavailableError';

  /** The client sees only `detail`: the message may name hosts and files. */
  constructor(
    message: string,
    { detail = 'the store is unavailable', ...options }: ErrorOptions & { readonly detail?: string } = {},
  ) {
    super(message, { ...options, detail, retryAfterSeconds: 1 });
  }
}

/**
 * The files of the store are missing or damaged. This is permanent: an operator must repair it and restart the service.
 */
export class StoreLostError extends StoreUnavailableError {
  /** `detail` is for every client; `message` is for the log and may name paths. */
  constructor(detail: string, message: string, options?: ErrorOptions) {
    super(message, { ...options, detail });
  }
}

/** The store cannot be opened: its path, its file or its schema is wrong. The service prints one line and exits. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}
