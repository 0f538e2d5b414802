import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** The longest list of one request takes nearly as much. */
const ROOM_BYTES = 1024 * 1024;

/**
 * Writes a file and removes it: what the disk says against it, null where it takes it. A full disk still takes small
 * commits, where the log has room that an earlier, larger one has left.
 */
export function lackOfRoom(path: string): string | null {
  try {
    writeFileSync(path, Buffer.alloc(ROOM_BYTES));
    return null;
  } catch (error) {
    return Error.isError(error) ? error.message : String(error);
  } finally {
    if (existsSync(path)) {
      rmSync(path);
    }
  }
}
