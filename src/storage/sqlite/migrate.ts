import { readdirSync, readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { StoreUnusableError } from '../store-errors.js';

/** 'SLUI': tells a store of this program from any other SQLite file (PRAGMA application_id). */
const APPLICATION_ID = 0x534c5549;

const FOLDER = new URL('./migrations/', import.meta.url);

interface Migration {
  readonly version: number;
  readonly file: string;
}

/**
 * Runs the numbered migrations that the file has not seen, all in one transaction.
 * @throws StoreUnusableError when the file is newer than this program, or another program's.
 */
export function migrate(connection: DatabaseSync): void {
  const migrations = listMigrations();
  const latest = migrations.at(-1)?.version ?? 0;
  const current = readPragma(connection, 'user_version');
  refuseForeign(connection, current);
  if (current > latest) {
    throw new StoreUnusableError(
      `the store has schema version ${String(current)}, this program knows up to ${String(latest)}: run a newer release`,
    );
  }
  if (current === latest) {
    return;
  }
  connection.exec('BEGIN IMMEDIATE');
  try {
    for (const { version, file } of migrations) {
      if (version > current) {
        connection.exec(readFileSync(new URL(file, FOLDER), 'utf8'));
      }
    }
    connection.exec(
      `PRAGMA user_version = ${String(latest)}; PRAGMA application_id = ${String(APPLICATION_ID)}; COMMIT`,
    );
  } catch (error) {
    if (connection.isTransaction) {
      connection.exec('ROLLBACK');
    }
    throw error;
  }
}

function listMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ version: Number.parseInt(file, 10), file }));
}

function refuseForeign(connection: DatabaseSync, version: number): void {
  const hasTables = connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
  if (hasTables && (version === 0 || readPragma(connection, 'application_id') !== APPLICATION_ID)) {
    throw new StoreUnusableError(`${connection.location() ?? 'the file'} is another program's database`);
  }
}

function readPragma(connection: DatabaseSync, name: 'user_version' | 'application_id'): number {
  const row = connection.prepare(`PRAGMA ${name}`).get();
  return Number(row?.[name]);
}
