/** The store cannot do it now; nothing of what was asked has been kept. Becomes 503 with `Retry-After`. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The files of the store are gone or damaged. That does not pass: somebody has to mend it and start the service again. */
export class StoreLostError extends StoreUnavailableError {
  /** `reason` is for anybody who asks; `message` is for the log and may name paths. */
  constructor(
    readonly reason: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The store cannot be used at all: its place, its file or its schema is wrong. Stops the start with one line. */
export class StoreUnusableError extends Error {
  override readonly name = 'StoreUnusableError';
}
