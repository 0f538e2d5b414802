import type { DatabaseSync } from 'node:sqlite';
import { MigrationFiles } from '../../shared/migration-files.js';

/** 'SLUI': identifies a store of this program among SQLite files (PRAGMA application_id). */
export const APPLICATION_ID = 0x534c5549;

export const MIGRATIONS = new MigrationFiles(new URL('../migrations/', import.meta.url));

/**
 * Runs the pending migrations in number order, all in one transaction. If it throws, the transaction is still open:
 * closing the connection rolls it back. With an older `latest` it creates a file of that version.
 */
export function migrate(connection: DatabaseSync, latest = MIGRATIONS.latestVersion): void {
  const current = readPragma(connection, 'user_version');
  if (current === latest) {
    return;
  }
  connection.exec('BEGIN IMMEDIATE');
  for (const { sql } of MIGRATIONS.between(current, latest)) {
    connection.exec(sql);
  }
  connection.exec(
    `PRAGMA user_version = ${String(latest)}; PRAGMA application_id = ${String(APPLICATION_ID)}; COMMIT`,
  );
}

export function readPragma(connection: DatabaseSync, name: 'user_version' | 'application_id'): number {
  const row = connection.prepare(`PRAGMA ${name}`).get();
  return Number(row?.[name]);
}
