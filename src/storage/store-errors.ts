/** The store cannot do it now; nothing of what was asked has been kept. Becomes 503 with `Retry-After`. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The store cannot be used at all: its place, its file or its schema is wrong. Stops the start with one line. */
export class StoreUnusableError extends Error {
  override readonly name = 'StoreUnusableError';
}
