import { parse, validate } from 'uuid';

/** Returns the column value of a UUID; null, which equals no column, for any other text. */
export function toUuidColumn(text: string): Uint8Array | null {
  return validate(text) ? parse(text) : null;
}
