import { rmSync, writeFileSync } from 'node:fs';
import { StoreUnavailableError } from '../store-errors.js';

/** The longest list of one request takes nearly as much. */
const ROOM_BYTES = 1024 * 1024;

/**
 * Writes a file and removes it. A full disk still takes small commits, where the log has room that an earlier, larger
 * one has left.
 * @throws StoreUnavailableError where the disk does not take it.
 */
export function tryRoom(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(ROOM_BYTES));
  } catch (error) {
    const reason = Error.isError(error) ? error.message : String(error);
    throw new StoreUnavailableError(`the embedded store has no room: ${reason}`, { cause: error });
  } finally {
    rmSync(path, { force: true });
  }
}
