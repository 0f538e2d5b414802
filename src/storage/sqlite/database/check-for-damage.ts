import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Logger } from '@nestjs/common';
import { StoreOpenError } from '../../../domain/store-errors.js';
import type { Runtime } from '../../../domain/runtime.js';

/** Files up to this size are checked completely: 3 ms per MB, so at most 3 s. */
const MAX_CHECKED_BYTES = 1024 ** 3;
/** In a larger file no further table is checked after this time. */
const MAX_CHECK_MS = 3000;

/**
 * The tables that accepting and dispatching need, the small ones first. The rest of a large file is mostly results and
 * finished ingestions.
 */
const NEEDED_TABLES = [
  'gate',
  'store_clock',
  'waiting_sum',
  'client_waiting',
  'retry',
  'staging',
  'idempotency',
  'ingestion',
  'chunk',
] as const;

/**
 * Searches for damaged pages before the store is used. Damage that it does not find is detected when the page is read.
 * @throws StoreOpenError where it finds damage
 */
export function assertUndamaged(connection: DatabaseSync, path: string, runtime: Runtime): void {
  if (statSync(path).size <= MAX_CHECKED_BYTES) {
    check(connection, path, '1');
    return;
  }
  const existing = new Set(
    connection
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .all()
      .map(({ name }) => name),
  );
  const beganAtMs = runtime.monotonicMs();
  const left = NEEDED_TABLES.filter((table) => {
    if (!existing.has(table) || runtime.monotonicMs() - beganAtMs > MAX_CHECK_MS) {
      return existing.has(table);
    }
    check(connection, path, table);
    return false;
  });
  const unchecked = left.length === 0 ? 'finished work' : `${left.join(', ')} and finished work`;
  new Logger('SQLite').log(`${path} is large: ${unchecked} is not checked for damage at the start`);
}

/** Checks a table, or the whole file if `of` is the maximum number of faults to report. */
function check(connection: DatabaseSync, path: string, of: string): void {
  const found = connection.prepare(`PRAGMA quick_check(${of})`).get()?.['quick_check'];
  if (found !== 'ok') {
    const fault = String(found).trim().replaceAll(/\s+/g, ' ');
    throw new StoreOpenError(
      `${path} is damaged (${fault}): keep a copy of it and of its log, and start on a backup`,
    );
  }
}
