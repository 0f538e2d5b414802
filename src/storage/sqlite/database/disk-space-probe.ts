import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Size of the probe: nearly that of the longest ingestion in one request. */
const PROBE_BYTES = 1024 * 1024;

/**
 * Writes a file beside the database and deletes it. Returns the disk's error, or null if there is space. A full disk
 * still accepts small commits as long as the log has space left from earlier, larger ones.
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
