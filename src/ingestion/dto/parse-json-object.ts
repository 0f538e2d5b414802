import { countKeys } from '../../platform/http/count-json-keys.js';
import type { FieldError } from '../../domain/domain-error.js';
import { ProblemDetailsError } from '../../platform/http/problem-details.js';

const MAX_ECHO_LENGTH = 100;

/** @throws ProblemDetailsError 400 where the text is not JSON, 422 where it is not an object */
export function parseJsonObject(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new ProblemDetailsError(
      400,
      `the body is not JSON: ${(error as SyntaxError).message.slice(0, MAX_ECHO_LENGTH)}`,
    );
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ProblemDetailsError(422, 'the body must be a JSON object');
  }
  return body as Record<string, unknown>;
}

export function rejectUnknownFields(body: object, known: readonly string[]): void {
  const [first, ...more] = Object.keys(body)
    .filter((field) => !known.includes(field))
    .map((field): FieldError => ({
      field: field.slice(0, MAX_ECHO_LENGTH),
      message: 'is not a known field',
    }));
  if (first !== undefined) {
    throw ProblemDetailsError.ofFields(422, [first, ...more]);
  }
}

/** Rejects a body with a repeated key, also of an object in it: `JSON.parse` keeps the last value and silently drops the others. */
export function rejectRepeatedFields(body: object, text: string): void {
  if (countKeys(text) > countFields(body)) {
    throw new ProblemDetailsError(422, 'the body names a field more than once');
  }
}

/** Counts the fields of the body and of the objects in it. */
function countFields(body: object): number {
  return Object.values(body).reduce<number>(
    (count, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? count + countFields(value)
        : count,
    Object.keys(body).length,
  );
}
