import { stringify } from 'uuid';

/** A UUID as a store saves it: SQLite as 16 bytes, PostgreSQL as text. */
export type UuidColumn = string | Uint8Array;

export function fromUuidColumn(column: UuidColumn): string {
  return typeof column === 'string' ? column : stringify(column);
}
