import { ProblemDetailsError } from '../../platform/http/problem-details.js';

const PRINTABLE_ASCII = /^[\x20-\x7e]{1,255}$/;

/**
 * Checks the header `Idempotency-Key` if it is present.
 * @throws ProblemDetailsError 400 where the key is empty, too long or not printable
 */
export function assertIdempotencyKey(key: string | undefined): string | undefined {
  if (key !== undefined && !PRINTABLE_ASCII.test(key)) {
    throw ProblemDetailsError.ofFields(400, [
      { field: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters' },
    ]);
  }
  return key;
}
