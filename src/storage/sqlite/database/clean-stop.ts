import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Logger } from '@nestjs/common';
import { StoreOpenError } from '../../../domain/store-errors.js';

/**
 * Marks the main file as open, so that a start can tell a log that was lost from one that a clean stop has removed. The
 * mark has to stand in the main file itself: the checkpoint brings it there. The log is not empty from then on.
 */
export function markOpen(connection: DatabaseSync): void {
  connection.exec('UPDATE store_clock SET is_open = 1');
  checkpoint(connection);
}

/**
 * Takes the mark away; everything stands in the main file afterwards. The first checkpoint makes the log start over, so
 * that the mark finds room in it also where the disk is full.
 */
export function markClosed(connection: DatabaseSync): void {
  if (connection.isTransaction) {
    connection.exec('ROLLBACK');
  }
  connection.prepare('PRAGMA wal_checkpoint(RESTART)').get();
  connection.exec('UPDATE store_clock SET is_open = 0');
  checkpoint(connection);
}

/** Takes the mark away and closes. Where the mark stays, the log stays beside the file too, and the start reads it again. */
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
 * Refuses a file that was not closed cleanly and whose log is not beside it; with `allowLostLog` it only says so.
 * `connection` reads the file at `path`, and `isLogThere` says whether the log was there before that connection was
 * opened. Files of older releases have no mark.
 * @throws StoreOpenError
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
  new Logger('SQLite').warn(`${what}: goes on without them, as ALLOW_LOST_LOG says`);
}

/**
 * Refuses a log without its file: SQLite would remove the log and begin an empty store.
 * @throws StoreOpenError
 */
export function assertFilePresent(path: string): void {
  if (sizeOf(path) === 0 && hasLog(path)) {
    throw new StoreOpenError(
      `${path} is missing or empty, but its log ${path}-wal is there: put the file back beside its log, or move the log away to begin an empty store`,
    );
  }
}

export function hasLog(path: string): boolean {
  return sizeOf(`${path}-wal`) > 0;
}

/** SQLite removes the log by its name once the file holds all of it. */
function closeKeepingLog(connection: DatabaseSync, path: string): void {
  const [log, kept] = [`${path}-wal`, `${path}-wal-kept`];
  rmSync(kept, { force: true });
  linkSync(log, kept);
  connection.close();
  if (existsSync(log)) {
    rmSync(kept);
  } else {
    renameSync(kept, log);
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

/** @throws Error where a reader of the file keeps it from coming to an end. */
function checkpoint(connection: DatabaseSync): void {
  const row = connection.prepare('PRAGMA wal_checkpoint(FULL)').get();
  if (row?.['busy'] !== 0) {
    throw new Error('the log could not be brought into the file: it is being read');
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
