import type { ErrorKind, FieldError } from '../domain/domain-error.js';

/** The kinds of the errors of a service, and `misconfigured`: a setting, a lane or a handler cannot be used. */
export type SluiceErrorKind = ErrorKind | 'misconfigured';

export interface SluiceErrorDetails extends ErrorOptions {
  readonly fields?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
}

/** Every error that Sluice throws to the application around it. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  /** The invalid fields, such as `ids[3]`. */
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    /** `unavailable` and `rate_limited` may be repeated; the others fail again. */
    readonly kind: SluiceErrorKind,
    message: string,
    { fields = [], retryAfterSeconds, ...options }: SluiceErrorDetails = {},
  ) {
    super(message, options);
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
