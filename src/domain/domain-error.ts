/** Names one invalid field of a request and the reason. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/**
 * The kinds of errors that reach a client. The HTTP filter maps each kind to a status code:
 * invalid 400, not_found 404, conflict 409, precondition 412, too_large 413, mismatch 422, rate_limited 429, unsupported 501, unavailable
 * 503.
 */
export type ErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'precondition'
  | 'too_large'
  | 'mismatch'
  | 'rate_limited'
  | 'unsupported'
  | 'unavailable';

export interface DomainErrorDetails extends ErrorOptions {
  /** The invalid fields; the response lists them. */
  readonly fields?: readonly FieldError[];
  /** The delay in seconds after which the client should retry. */
  readonly retryAfterSeconds?: number;
  /**
   * The sentence for the client. Set it if the message holds more than the client may know; the default is the message.
   */
  readonly detail?: string;
}

/** An error that carries its own kind, so that the HTTP filter does not depend on the feature that throws it. */
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
