import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Runtime } from '../../../domain/runtime.js';
import { ensureDirectory } from '../../shared/ensure-directory.js';
import { PRIVATE_FILE_MODE } from './private-files.js';
import { sqliteCode } from './sqlite-errors.js';

/** Pages per step of the copy: so few that a commit waits only a few milliseconds for a step. */
const PAGES_PER_STEP = 32;

/** Number of times that a copy tries to begin. A transaction of the service takes milliseconds. */
const MAX_BEGINNINGS = 400;
const PAUSE_MS = 5;
/** The code of the error with which Node.js ends a copy whose first step found an open transaction: SQLite's "not an error". */
const SQLITE_OK = 0;

/**
 * Copies a database to a new file while it is being written, through the same connection, because that holds the
 * exclusive lock. The copy contains everything committed until its end, and it is durable. SQLite flushes the copy in
 * its last step, during which no commit is possible; flushing during the copy as well keeps that step short.
 */
export async function writeBackup(
  connection: DatabaseSync,
  path: string,
  runtime: Pick<Runtime, 'sleep'>,
): Promise<void> {
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
    await copyPages(connection, path, runtime, flush);
    await flushed;
    markCopyClosed(path);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Copies all pages, step by step in another thread. A step copies nothing while this connection has a transaction open: Node.js
 * repeats it, but not the first one, after which it gives up.
 */
async function copyPages(
  connection: DatabaseSync,
  path: string,
  runtime: Pick<Runtime, 'sleep'>,
  progress: () => void,
): Promise<void> {
  for (let beginning = 1; ; beginning++) {
    try {
      await backup(connection, path, { rate: PAGES_PER_STEP, progress });
      return;
    } catch (error) {
      if (sqliteCode(error) !== SQLITE_OK) {
        throw error;
      }
      if (beginning === MAX_BEGINNINGS) {
        throw new Error('a transaction was open whenever the copy was about to begin', { cause: error });
      }
    }
    await runtime.sleep(PAUSE_MS);
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
