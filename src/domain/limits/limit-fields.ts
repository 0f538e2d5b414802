import { instead } from '../printable-text.js';

const MICROSECONDS = 1_000_000;
const MAX_COUNT = 1_000_000_000_000;
/** The largest margin of a limit, in seconds. */
export const MAX_MARGIN_S = 3600;

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
