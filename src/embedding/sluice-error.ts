export type SluiceErrorKind =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'mismatch'
  | 'rate_limited'
  | 'unsupported'
  | 'unavailable'
  | 'misconfigured';

export interface SluiceErrorDetails extends ErrorOptions {
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
  readonly retryAfterSeconds?: number;
}

/** Every error that Sluice throws to the application around it. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  /** The invalid fields, such as `ids[3]`. */
  readonly fields: readonly { readonly field: string; readonly message: string }[];
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
