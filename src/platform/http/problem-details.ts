import { STATUS_CODES } from 'node:http';
import type { DomainError, ErrorKind, FieldError } from '../../domain/domain-error.js';

/** The body of every error response (RFC 9457, and two fields of the original system). */
export interface ProblemBody {
  readonly detail: string;
  readonly status_code: number;
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** The cause, for programs; see {@link codeOfStatus}. */
  readonly code: string;
  /** The first field, parameter or header that is not valid. */
  readonly param?: string;
  readonly errors?: readonly FieldError[];
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

const MAX_LISTED_ERRORS = 20;

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  not_found: 404,
  conflict: 409,
  precondition: 412,
  too_large: 413,
  mismatch: 422,
  rate_limited: 429,
  unsupported: 501,
  unavailable: 503,
};

/** Returns the kind of the errors that are answered with this HTTP status; undefined if there is none. */
export function kindOfStatus(status: number): ErrorKind | undefined {
  const kinds = Object.keys(STATUS_OF_KIND) as ErrorKind[];
  return kinds.find((kind) => STATUS_OF_KIND[kind] === status);
}

/** The causes of statuses that no kind of error has, or that have another name than the kind. */
const OTHER_CODES: Readonly<Record<number, string>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  405: 'method_not_allowed',
  408: 'timeout',
  412: 'precondition_failed',
  415: 'unsupported_media_type',
  431: 'too_large',
  500: 'internal',
  505: 'unsupported',
};

/** All causes that programs can tell apart. */
export const PROBLEM_CODES: readonly string[] = [
  ...new Set([...Object.values(STATUS_OF_KIND), ...Object.keys(OTHER_CODES).map(Number)].map(codeOfStatus)),
];

/** Returns the cause of an error with this HTTP status, for programs: the kind of error, if one has this status. */
export function codeOfStatus(status: number): string {
  return OTHER_CODES[status] ?? kindOfStatus(status) ?? (status < 500 ? 'invalid' : 'internal');
}

/** Rejects a request with an HTTP status. The filter converts it to a response. */
export class ProblemDetailsError extends Error {
  override readonly name = 'ProblemDetailsError';

  constructor(
    readonly status: number,
    detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }

  /** Creates an error about some fields; `detail` is about the first one. */
  static ofFields(status: number, errors: readonly [FieldError, ...FieldError[]]): ProblemDetailsError {
    const [{ field, message }] = errors;
    return new ProblemDetailsError(status, `${field} ${message}`, errors);
  }

  /** Converts a domain error; its kind decides the status. */
  static ofError({ kind, detail, fields, retryAfterSeconds }: DomainError): ProblemDetailsError {
    const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
    return new ProblemDetailsError(STATUS_OF_KIND[kind], detail, fields, headers);
  }

  toBody(): ProblemBody {
    return {
      detail: this.message,
      status_code: this.status,
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      code: codeOfStatus(this.status),
      ...(this.errors[0] !== undefined && { param: this.errors[0].field }),
      ...(this.errors.length > 0 && { errors: this.errors.slice(0, MAX_LISTED_ERRORS) }),
    };
  }
}

/** Creates the 415 of a body that is not JSON in UTF-8. */
export function unsupportedMediaTypeError(): ProblemDetailsError {
  return new ProblemDetailsError(415, 'Content-Type must be application/json, in UTF-8');
}
