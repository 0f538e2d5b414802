import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { ensureDirectory } from '../../shared/ensure-directory.js';

/** So few that a commit waits for one step of the copy only for some milliseconds. */
const PAGES_PER_STEP = 32;
/** Only its owner reads it. */
const FILE_MODE = 0o600;

/**
 * Copies a database to a new file while it is written to, through the same connection, which holds its file alone. The
 * copy is what was committed when it ended, and it is on the disk. SQLite flushes it in its last step, during which
 * nothing can be committed: it is flushed along the way as well, so that little is left then.
 */
export async function writeBackup(connection: DatabaseSync, path: string): Promise<void> {
  ensureDirectory(dirname(path));
  const file = await open(path, 'wx', FILE_MODE);
  let flushed = Promise.resolve();
  let isFlushing = false;
  const flush = (): void => {
    if (!isFlushing) {
      isFlushing = true;
      flushed = file
        .datasync()
        .catch(() => undefined) // the flush at the end tells
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

/** The copy says of its original that it is open; the copy itself is whole without a log. */
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
