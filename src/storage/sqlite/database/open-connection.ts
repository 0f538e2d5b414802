import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Runtime } from '../../../domain/runtime.js';
import { StoreOpenError } from '../../../domain/store-errors.js';
import { ensureDirectory } from '../../shared/ensure-directory.js';
import { checkDatabaseFile } from './check-database-file.js';
import { assertFilePresent, closeMarked, markOpen } from './clean-stop.js';
import { migrate } from './migrate.js';
import { createPrivateFile, makePrivate } from './private-files.js';
import { toStoreOpenError } from './sqlite-errors.js';

export const DATABASE_FILE = 'sluice.sqlite';

/**
 * Opens `<dataDir>/sluice.sqlite`, creates it if it is missing, migrates its schema, and returns the result of `use`.
 * With `allowLostLog` it continues without a missing log. If `use` throws, the connection is closed.
 * @throws StoreOpenError with a one-line reason; the file is then unchanged
 */
export function openConnection<T>(
  dataDir: string,
  runtime: Runtime,
  { allowLostLog }: { readonly allowLostLog: boolean },
  use: (connection: DatabaseSync, path: string) => T,
): T {
  const path = join(dataDir, DATABASE_FILE);
  let connection: DatabaseSync | undefined;
  let isMarked = false;
  try {
    ensureDirectory(dataDir);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    assertFilePresent(path);
    if (existsSync(path)) {
      accessSync(path, constants.R_OK | constants.W_OK);
      checkDatabaseFile(path, runtime, { allowLostLog });
    }
    createPrivateFile(path);
    makePrivate(path);
    connection = new DatabaseSync(path);
    connection.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -8000;
      PRAGMA temp_store = MEMORY;
      PRAGMA journal_size_limit = 67108864;
    `);
    migrate(connection);
    isMarked = true;
    markOpen(connection);
    return use(connection, path);
  } catch (error) {
    if (isMarked && connection?.isOpen === true) {
      closeMarked(connection, path);
    } else if (connection?.isOpen === true) {
      connection.close();
    }
    throw error instanceof StoreOpenError ? error : toStoreOpenError(path, error);
  }
}
