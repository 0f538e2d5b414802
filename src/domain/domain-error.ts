/** One field of a request, and what is wrong with it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/**
 * The kinds of errors that a client is told of. The HTTP filter gives each kind its status code:
 * invalid 400, not_found 404, conflict 409, too_large 413, mismatch 422, rate_limited 429, unsupported 501, unavailable 503.
 */
export type ErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'mismatch'
  | 'rate_limited'
  | 'unsupported'
  | 'unavailable';

export interface DomainErrorDetails extends ErrorOptions {
  /** The fields that are wrong; the answer lists them. */
  readonly fields?: readonly FieldError[];
  /** Seconds after which the client should try again. */
  readonly retryAfterSeconds?: number;
  /** The sentence for the client, where the message holds more than the client may know. */
  readonly detail?: string;
}

/** An error that says its own kind, so that the HTTP filter need not know the feature that throws it. */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind;
  readonly detail: string;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    { fields = [], retryAfterSeconds, detail, ...options }: DomainErrorDetails = {},
  ) {
    super(message, options);
    this.detail = detail ?? message;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
