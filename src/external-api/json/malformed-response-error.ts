export interface MalformedResponseErrorOptions extends ErrorOptions {
  /** The names of the settings that lead to the part of a mapping that does not fit. */
  readonly path?: readonly string[];
}

/** The body of a response is not valid, or a mapping does not fit it. */
export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError';
  /** See {@link MalformedResponseErrorOptions.path}; empty if no mapping is at fault. */
  readonly path: readonly string[];

  constructor(message: string, options: MalformedResponseErrorOptions = {}) {
    super(message, options);
    this.path = options.path ?? [];
  }
}
