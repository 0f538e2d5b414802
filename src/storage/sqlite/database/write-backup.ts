import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { ensureDirectory } from '../../shared/ensure-directory.js';
import { PRIVATE_FILE_MODE } from './private-files.js';

/** Pages per step of the copy: so few that a commit waits only a few milliseconds for a step. */
const PAGES_PER_STEP = 32;

/**
 * Copies a database to a new file while it is being written, through the same connection, because that holds the
 * exclusive lock. The copy contains everything committed until its end, and it is durable. SQLite flushes the copy in
 * its last step, during which no commit is possible; flushing during the copy as well keeps that step short.
 */
export async function writeBackup(connection: DatabaseSync, path: string): Promise<void> {
  ensureDirectory(dirname(path));
  const file = await open(path, 'wx', PRIVATE_FILE_MODE);
  let flushed = Promise.resolve();
  let isFlushing = false;
  const flush = (): void => {
    if (!isFlushing) {
      isFlushing = true;
      flushed = file
        .datasync()
        .catch(() => undefined) // the flush at the end reports the error
        .finally(() => (isFlushing = false));
    }
  };
  try {
    await backup(connection, path, { rate: PAGES_PER_STEP, progress: flush });
    await flushed;
    markCopyClosed(path);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes the mark that says that the file is open. The copy is complete without a log. */
function markCopyClosed(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    copy.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA synchronous = OFF;
      PRAGMA journal_mode = DELETE;
      UPDATE store_clock SET is_open = 0;
    `);
  } finally {
    copy.close();
  }
}
