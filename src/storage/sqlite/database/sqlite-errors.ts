import { StoreOpenError } from '../../../domain/store-errors.js';
import { probeDiskSpace } from './disk-space-probe.js';

/** SQLite's result codes (https://www.sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Builds the error of a failed start. */
export function toStoreOpenError(path: string, error: unknown): StoreOpenError {
  const cause = { cause: error };
  switch (primaryCode(error)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new StoreOpenError(`${path} is in use by another process`, cause);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return new StoreOpenError(`${path} is not a readable database: ${messageOf(error)}`, cause);
    default: {
      const lack = probeDiskSpace(path); // SQLite itself reports a full disk as an I/O error here
      const reason = lack?.code === 'ENOSPC' ? lack.message : messageOf(error);
      return new StoreOpenError(`cannot open the store at ${path}: ${reason}`, cause);
    }
  }
}

/** Returns true if the data read differs from the data written. Unlike a full disk or a busy file this is permanent. */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Returns null for an error that is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  return Error.isError(error) && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : null;
}

/** Returns the primary code: the low byte of an extended code. */
function primaryCode(error: unknown): number | null {
  const code = sqliteCode(error);
  return code === null ? null : code & 0xff;
}

export function messageOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}
