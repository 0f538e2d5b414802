import { readdirSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** 'SLUI': identifies a store of this program among SQLite files (PRAGMA application_id). */
export const APPLICATION_ID = 0x534c5549;

const FOLDER = new URL('../migrations/', import.meta.url);

interface Migration {
  readonly version: number;
  readonly file: string;
}

/**
 * Runs the pending migrations in number order, all in one transaction. If it throws, the transaction is still open:
 * closing the connection rolls it back. With an older `latest` it creates a file of that version.
 */
export function migrate(connection: DatabaseSync, latest = latestVersion()): void {
  const current = readPragma(connection, 'user_version');
  if (current === latest) {
    return;
  }
  connection.exec('BEGIN IMMEDIATE');
  for (const { version, file } of listMigrations()) {
    if (version > current && version <= latest) {
      connection.exec(readFileSync(new URL(file, FOLDER), 'utf8'));
    }
  }
  connection.exec(
    `PRAGMA user_version = ${String(latest)}; PRAGMA application_id = ${String(APPLICATION_ID)}; COMMIT`,
  );
}

/** Returns the schema version that this program requires. */
export function latestVersion(): number {
  return listMigrations().at(-1)?.version ?? 0;
}

function listMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ version: Number.parseInt(file, 10), file }));
}

export function readPragma(connection: DatabaseSync, name: 'user_version' | 'application_id'): number {
  const row = connection.prepare(`PRAGMA ${name}`).get();
  return Number(row?.[name]);
}
