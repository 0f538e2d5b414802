import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Logger } from '@nestjs/common';
import { StoreOpenError } from '../../../domain/store-errors.js';

/**
 * Marks the main file as open, so that a start can distinguish a lost log from one that a clean stop removed. The mark
 * must be in the main file itself, so a checkpoint writes it there. The log is not empty from then on.
 */
export function markOpen(connection: DatabaseSync): void {
  connection.exec('UPDATE store_clock SET is_open = 1');
  checkpoint(connection);
}

/**
 * Removes the mark; afterwards the main file holds all data. The first checkpoint restarts the log from its beginning,
 * so that there is space in it for the change of the mark even if the disk is full.
 */
export function markClosed(connection: DatabaseSync): void {
  if (connection.isTransaction) {
    connection.exec('ROLLBACK');
  }
  connection.prepare('PRAGMA wal_checkpoint(RESTART)').get();
  connection.exec('UPDATE store_clock SET is_open = 0');
  checkpoint(connection);
}

/**
 * Removes the mark and closes the connection. If the mark cannot be removed, the log stays beside the file, and the
 * next start reads it.
 */
export function closeMarked(connection: DatabaseSync, path: string): void {
  try {
    markClosed(connection);
  } catch (error) {
    new Logger('SQLite').warn(
      `${path} could not be marked as closed, so its log stays beside it: ${String(error)}`,
    );
    closeKeepingLog(connection, path);
    return;
  }
  connection.close();
}

/**
 * Refuses a file that was not closed cleanly and whose log is missing; with `allowLostLog` it only logs a warning.
 * `connection` reads the file at `path`; `isLogThere` is true if the log existed before that connection was opened.
 * Files of older releases have no mark.
 * @throws StoreOpenError where the log is missing
 */
export function assertLogPresent(
  connection: DatabaseSync,
  path: string,
  { isLogThere, allowLostLog }: { readonly isLogThere: boolean; readonly allowLostLog: boolean },
): void {
  if (isLogThere || !isMarkedOpen(connection)) {
    return;
  }
  const what = `${path} was not closed cleanly and its log ${path}-wal is missing or empty, with the lists that were accepted last`;
  if (!allowLostLog) {
    throw new StoreOpenError(
      `${what}: put the log back beside the file, or start once with ALLOW_LOST_LOG=true to go on without those lists`,
    );
  }
  new Logger('SQLite').warn(`${what}: continuing without them because ALLOW_LOST_LOG is set`);
}

/**
 * Refuses a log without its database file: SQLite would delete the log and create an empty store.
 * @throws StoreOpenError where only the log exists
 */
export function assertFilePresent(path: string): void {
  if (sizeOf(path) === 0 && hasLog(path)) {
    throw new StoreOpenError(
      `${path} is missing or empty, but its log ${path}-wal is there: restore the file beside its log, or move the log away to start with an empty store`,
    );
  }
}

export function hasLog(path: string): boolean {
  return sizeOf(`${path}-wal`) > 0;
}

/**
 * Closes the connection and keeps the log. SQLite deletes the log by its name when the connection closes, so a second
 * link preserves it.
 */
function closeKeepingLog(connection: DatabaseSync, path: string): void {
  const [log, savedLog] = [`${path}-wal`, `${path}-wal-kept`];
  rmSync(savedLog, { force: true });
  linkSync(log, savedLog);
  connection.close();
  if (existsSync(log)) {
    rmSync(savedLog);
  } else {
    renameSync(savedLog, log);
  }
}

function isMarkedOpen(connection: DatabaseSync): boolean {
  const hasMark = connection
    .prepare(`SELECT 1 FROM pragma_table_info('store_clock') WHERE name = 'is_open'`)
    .get();
  return (
    hasMark !== undefined &&
    connection.prepare('SELECT 1 FROM store_clock WHERE is_open = 1').get() !== undefined
  );
}

/** @throws Error where a reader of the file prevents the checkpoint from completing */
function checkpoint(connection: DatabaseSync): void {
  const row = connection.prepare('PRAGMA wal_checkpoint(FULL)').get();
  if (row?.['busy'] !== 0) {
    throw new Error('the log could not be checkpointed: the file is being read');
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
