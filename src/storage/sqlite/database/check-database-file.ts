import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreOpenError } from '../../../domain/store-errors.js';
import type { Runtime } from '../../../domain/runtime.js';
import { hasLog, assertLogPresent } from './clean-stop.js';
import { assertNotNewer } from '../../shared/migration-files.js';
import { APPLICATION_ID, MIGRATIONS, readPragma } from './migrate.js';
import { assertUndamaged } from './check-for-damage.js';

/** No database is smaller, but SQLite treats a smaller file as empty and overwrites it. */
const MIN_DATABASE_BYTES = 512;

/**
 * Checks that this program may open the file. It only reads: a refused file stays unchanged, and so do the files that a
 * killed process left beside it. SQLite's own error passes through if it cannot read the file.
 * @throws StoreOpenError where the file is newer than this program, belongs to another program, is damaged, or misses
 * its log
 */
export function checkDatabaseFile(
  path: string,
  runtime: Runtime,
  { allowLostLog }: { readonly allowLostLog: boolean },
): void {
  const found = statSync(path);
  if (found.isFile()) {
    if (found.size === 0) {
      return;
    }
    if (found.size < MIN_DATABASE_BYTES) {
      throw new StoreOpenError(`${path} is not a readable database: it has only ${String(found.size)} bytes`);
    }
  }
  const isLogThere = hasLog(path);
  const connection = new DatabaseSync(path, { readOnly: true });
  try {
    rejectForeign(connection, path);
    assertNotNewer(readPragma(connection, 'user_version'), MIGRATIONS.latestVersion);
    assertLogPresent(connection, path, { isLogThere, allowLostLog });
    assertUndamaged(connection, path, runtime);
  } finally {
    connection.close();
  }
}

function rejectForeign(connection: DatabaseSync, path: string): void {
  const hasTables = connection.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
  if (hasTables && readPragma(connection, 'application_id') !== APPLICATION_ID) {
    throw new StoreOpenError(`${path} is another program's database`);
  }
}
