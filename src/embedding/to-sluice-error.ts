import { DomainError } from '../domain/domain-error.js';
import { ConfigError } from '../platform/config/config-error.js';
import { kindOfStatus, ProblemDetailsError } from '../platform/http/problem-details.js';
import { SluiceError } from './sluice-error.js';

/** Converts the errors of the service to the one that applications know; any other error stays as it is. */
export function toSluiceError(error: unknown): unknown {
  if (error instanceof DomainError) {
    const { kind, detail, fields, retryAfterSeconds } = error;
    return new SluiceError(kind, detail, {
      cause: error,
      fields,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
  if (error instanceof ProblemDetailsError) {
    const { status, message, errors: fields } = error;
    return new SluiceError(kindOfStatus(status) ?? 'invalid', message, { cause: error, fields });
  }
  return error instanceof ConfigError
    ? new SluiceError('misconfigured', error.message, { cause: error })
    : error;
}
