import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** The longest list of one request takes nearly as much. */
const PROBE_BYTES = 1024 * 1024;

/**
 * Writes a file beside the database and removes it: what the disk says against it, null where it takes it. A full disk
 * still takes small commits, where the log has room that an earlier, larger one has left.
 */
export function probeDiskSpace(databasePath: string): NodeJS.ErrnoException | null {
  const path = `${databasePath}-room`;
  try {
    writeFileSync(path, Buffer.alloc(PROBE_BYTES));
    return null;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  } finally {
    if (existsSync(path)) {
      rmSync(path);
    }
  }
}
