import { accessSync, constants, existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { makeFolder } from '../make-folder.js';
import { StoreUnavailableError, StoreUnusableError } from '../store-errors.js';
import { inspect } from './inspect.js';
import { LogSync } from './log-sync.js';
import type { StoreCondition } from '../store.js';
import { latestVersion, migrate, readPragma } from './migrate.js';
import { lackOfRoom } from './room.js';
import { writeBackup } from './write-backup.js';

export const DATABASE_FILE = 'sluice.sqlite';

/** SQLite's result codes (https://www.sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** How often a checkpoint steps back for others. */
const MOST_SYNCS = 5;

/** `FULL` has each commit brought to the disk before it returns, `NORMAL` leaves that to a later one. */
type Synchronous = 'FULL' | 'NORMAL';

/** The embedded store's one connection. It holds the file alone, by an operating system lock that dies with it. */
export class SqliteDatabase {
  /** Counted when one begins; nothing but a write changes what is read. */
  writes = 0;
  private writeFailure: Error | null = null;
  private readonly knownSchemaVersion = latestVersion();
  private readonly log: LogSync;
  private synchronous: Synchronous = 'FULL';

  private constructor(
    readonly path: string,
    private readonly connection: DatabaseSync,
  ) {
    this.log = new LogSync(`${path}-wal`);
  }

  /**
   * Opens `<dataDir>/sluice.sqlite`, made where it is missing, and brings its schema up to date.
   * @throws StoreUnusableError with one line that says what is wrong; the file is then as it was.
   */
  static open(dataDir: string): SqliteDatabase {
    const path = join(dataDir, DATABASE_FILE);
    let connection: DatabaseSync | undefined;
    try {
      makeFolder(dataDir);
      accessSync(dataDir, constants.W_OK | constants.X_OK);
      if (existsSync(path)) {
        accessSync(path, constants.R_OK | constants.W_OK);
        inspect(path);
      }
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
      return new SqliteDatabase(path, connection);
    } catch (error) {
      if (connection?.isOpen === true) {
        connection.close();
      }
      throw error instanceof StoreUnusableError ? error : unusable(path, error);
    }
  }

  prepare(sql: string): StatementSync {
    return this.connection.prepare(sql);
  }

  /**
   * Runs `work` in one durable transaction. Transactions and reads do not nest.
   * @throws StoreUnavailableError when SQLite fails; nothing of the work is then kept.
   */
  write<T>(work: () => T): T {
    return this.transact('FULL', work);
  }

  /**
   * Runs `work` in one transaction that is durable only after the next {@link toDisk} or {@link write}: the event loop
   * does not wait for the disk. A log is read back up to a commit, in its order: whatever is durable stands on all that
   * was committed before it, and a power failure takes only what came last (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
   * @throws StoreUnavailableError when SQLite fails; nothing of the work is then kept.
   */
  commit<T>(work: () => T): T {
    return this.transact('NORMAL', work);
  }

  /** Resolves when all that is committed now is durable. */
  toDisk(): Promise<void> {
    return this.log.toDisk();
  }

  /** As {@link toDisk}, resolving when nobody else waits for the disk either, or they never cease to. */
  async untilQuiet(): Promise<void> {
    let syncs = 0;
    do {
      await this.log.toDisk();
      syncs += 1;
    } while (this.log.isBusy && syncs < MOST_SYNCS);
  }

  /** @throws StoreUnavailableError when SQLite fails. */
  read<T>(work: () => T): T {
    return this.attempt(work);
  }

  /**
   * Whether the store takes writes. After a failed one this tries again, so that health follows the disk.
   * @throws StoreUnavailableError when it does not.
   */
  check(): void {
    if (this.writeFailure === null) {
      this.read(() => this.connection.prepare('SELECT 1').get());
    } else {
      const lack = lackOfRoom(this.path);
      if (lack !== null) {
        throw new StoreUnavailableError(`the embedded store has no room: ${lack.message}`, { cause: lack });
      }
      this.write(() => {
        this.connection.exec('UPDATE store_clock SET kept_time = kept_time');
      });
      this.writeFailure = null;
    }
  }

  /** @throws StoreUnavailableError */
  async condition(): Promise<StoreCondition> {
    const schemaVersion = this.read(() => readPragma(this.connection, 'user_version'));
    const { bavail, bsize } = await statfs(dirname(this.path));
    return {
      schemaVersion,
      knownSchemaVersion: this.knownSchemaVersion,
      freeBytes: bavail * bsize,
      usedBytes: (await sizeOf(this.path)) + (await sizeOf(`${this.path}-wal`)),
    };
  }

  /** Writes a copy of what is committed to a new file, while this one is in use. */
  async backUp(path: string): Promise<void> {
    await writeBackup(this.connection, path);
  }

  close(): void {
    if (this.connection.isOpen) {
      this.connection.close();
      this.log.close();
    }
  }

  private transact<T>(synchronous: Synchronous, work: () => T): T {
    this.writes += 1;
    return this.attempt(() => {
      if (this.synchronous !== synchronous) {
        this.connection.exec(`PRAGMA synchronous = ${synchronous}`);
        this.synchronous = synchronous;
      }
      this.connection.exec('BEGIN IMMEDIATE');
      const worked = work();
      this.connection.exec('COMMIT');
      return worked;
    });
  }

  private attempt<T>(work: () => T): T {
    try {
      this.rollBack(); // what an earlier attempt left where its rollback failed too
      return work();
    } catch (error) {
      this.tryToRollBack();
      throw this.translate(error);
    }
  }

  private rollBack(): void {
    if (this.connection.isOpen && this.connection.isTransaction) {
      this.connection.exec('ROLLBACK');
    }
  }

  /** Where this fails, what made it needed is what the caller learns, and the next attempt begins with it. */
  private tryToRollBack(): void {
    try {
      this.rollBack();
    } catch (error) {
      this.writeFailure = error as Error;
    }
  }

  private translate(error: unknown): unknown {
    if (sqliteCode(error) === null && this.connection.isOpen) {
      return error;
    }
    this.writeFailure = error as Error;
    return new StoreUnavailableError(`the embedded store failed: ${messageOf(error)}`, { cause: error });
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0; // there is a log only between writes and their checkpoint
}

function unusable(path: string, error: unknown): StoreUnusableError {
  const cause = { cause: error };
  switch (primaryCode(error)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new StoreUnusableError(`${path} is in use by another process`, cause);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return new StoreUnusableError(`${path} is not a readable database: ${messageOf(error)}`, cause);
    default: {
      const lack = lackOfRoom(path); // SQLite itself calls a full disk an I/O error here
      const reason = lack?.code === 'ENOSPC' ? lack.message : messageOf(error);
      return new StoreUnusableError(`cannot open the store at ${path}: ${reason}`, cause);
    }
  }
}

function sqliteCode(error: unknown): number | null {
  return Error.isError(error) && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : null;
}

/** Extended codes carry the primary one in their low byte. */
function primaryCode(error: unknown): number | null {
  const code = sqliteCode(error);
  return code === null ? null : code & 0xff;
}

function messageOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}
