import { escapeLine, shorten } from '../printable-text.js';

const MICROSECONDS = 1_000_000;
const MAX_COUNT = 1_000_000_000_000;
/** The largest margin of a limit, in seconds. */
export const MAX_MARGIN_S = 3600;

/** A value that is longer is cut in a message. */
const MAX_VALUE_LENGTH = 60;

/** A limit is not valid. The message is one line, and names the limit, the field and the value. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

/** @throws LimitError */
export function readWholeNumber(value: unknown, field: string): number {
  const number = readNumber(value, field, { min: 1, max: MAX_COUNT });
  if (!Number.isInteger(number)) {
    throw new LimitError(`${field} must be a whole number${instead(value)}`);
  }
  return number;
}

/** @throws LimitError */
export function readSeconds(value: unknown, field: string, min: number, max: number): number {
  return readNumber(value, field, { min, max, unit: ' of seconds' });
}

/** @throws LimitError */
export function refuseUnknown(
  fields: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  at: string,
): void {
  const unknown = Object.keys(fields).find((field) => !known.has(field));
  if (unknown !== undefined) {
    throw new LimitError(
      `${at} has an unknown field ${JSON.stringify(unknown)}; known: ${[...known].join(', ')}`,
    );
  }
}

/** Returns the end of a message that says which value was given; empty if there was none. */
export function instead(value: unknown): string {
  if (value === undefined) {
    return '';
  }
  const isPlain = typeof value === 'string' || typeof value === 'number';
  const text = isPlain ? String(value) : JSON.stringify(value);
  return `, not "${escapeLine(shorten(text, MAX_VALUE_LENGTH))}"`;
}

/** Returns whole microseconds. */
export function toMicroseconds(seconds: number): number {
  return Math.ceil(seconds * MICROSECONDS);
}

function readNumber(
  value: unknown,
  field: string,
  { min, max, unit = '' }: { readonly min: number; readonly max: number; readonly unit?: string },
): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new LimitError(
      `${field} must be a number${unit} from ${String(min)} to ${String(max)}${instead(value)}`,
    );
  }
  return value;
}
