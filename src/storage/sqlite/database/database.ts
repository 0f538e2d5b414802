import { accessSync, constants, existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { ensureDirectory } from '../../shared/ensure-directory.js';
import { StoreUnavailableError, StoreOpenError } from '../../../domain/store-errors.js';
import { closeMarked, markClosed, markOpen, assertFilePresent } from './clean-stop.js';
import { checkDatabaseFile } from './check-database-file.js';
import { WalFsync } from './wal-fsync.js';
import type { StoreStatus } from '../../../operations/maintenance/maintenance.repository.js';
import { latestVersion, migrate, readPragma } from './migrate.js';
import { probeDiskSpace } from './disk-space-probe.js';
import { isDamage, messageOf, sqliteCode, toStoreOpenError } from './sqlite-errors.js';
import { StoreLoss } from './store-loss.js';
import { writeBackup } from './write-backup.js';

export const DATABASE_FILE = 'sluice.sqlite';

/** How often a checkpoint steps back for others. */
const MAX_SYNCS = 5;

/** `FULL` has each commit brought to the disk before it returns, `NORMAL` leaves that to a later one. */
type Synchronous = 'FULL' | 'NORMAL';

/** The embedded store's one connection. It holds the file alone, by an operating system lock that dies with it. */
export class SqliteDatabase {
  /** Counted when one begins; nothing but a write changes what is read. */
  writes = 0;
  private writeFailure: Error | null = null;
  private readonly knownSchemaVersion = latestVersion();
  private readonly log: WalFsync;
  private readonly loss: StoreLoss;
  private synchronous: Synchronous = 'FULL';

  private constructor(
    readonly path: string,
    private readonly connection: DatabaseSync,
  ) {
    this.loss = new StoreLoss(path, () => {
      markClosed(this.connection);
    });
    this.log = new WalFsync(`${path}-wal`);
  }

  /**
   * Opens `<dataDir>/sluice.sqlite`, made where it is missing, and brings its schema up to date. With `allowLostLog` it
   * goes on without a log that is missing.
   * @throws StoreOpenError with one line that says what is wrong; the file is then as it was.
   */
  static open(dataDir: string, { allowLostLog = false } = {}): SqliteDatabase {
    const path = join(dataDir, DATABASE_FILE);
    let connection: DatabaseSync | undefined;
    let isMarked = false;
    try {
      ensureDirectory(dataDir);
      accessSync(dataDir, constants.W_OK | constants.X_OK);
      assertFilePresent(path);
      if (existsSync(path)) {
        accessSync(path, constants.R_OK | constants.W_OK);
        checkDatabaseFile(path, { allowLostLog });
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
      isMarked = true;
      markOpen(connection);
      return new SqliteDatabase(path, connection);
    } catch (error) {
      if (isMarked && connection?.isOpen === true) {
        closeMarked(connection, path);
      } else if (connection?.isOpen === true) {
        connection.close();
      }
      throw error instanceof StoreOpenError ? error : toStoreOpenError(path, error);
    }
  }

  prepare(sql: string): StatementSync {
    return this.connection.prepare(sql);
  }

  /**
   * Runs `work` in one durable transaction. Transactions and reads do not nest.
   * @throws StoreUnavailableError when SQLite fails; nothing of the work is then kept. StoreLostError where its file is
   * gone; a copy of that file may hold the work.
   */
  write<T>(work: () => T): T {
    const worked = this.transact('FULL', work);
    this.loss.checkFiles();
    return worked;
  }

  /**
   * Runs `work` in one transaction that is durable only after the next {@link flush} or {@link write}: the event loop
   * does not wait for the disk. A log is read back up to a commit, in its order: whatever is durable stands on all that
   * was committed before it, and a power failure takes only what came last (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
   * @throws StoreUnavailableError when SQLite fails; nothing of the work is then kept.
   */
  commit<T>(work: () => T): T {
    return this.transact('NORMAL', work);
  }

  /**
   * Resolves when all that is committed now is durable.
   * @throws StoreLostError where the files are gone.
   */
  async flush(): Promise<void> {
    await this.log.flush();
    this.loss.checkFiles();
  }

  /** As {@link flush}, resolving when nobody else waits for the disk either, or they never cease to. */
  async flushUntilIdle(): Promise<void> {
    let syncs = 0;
    do {
      await this.log.flush();
      syncs += 1;
    } while (this.log.isBusy && syncs < MAX_SYNCS);
    this.loss.checkFiles();
  }

  /** @throws StoreUnavailableError when SQLite fails. */
  read<T>(work: () => T): T {
    return this.attempt(work);
  }

  /**
   * Whether the store takes writes. After a failed one this tries again, so that health follows the disk.
   * @throws StoreUnavailableError when it does not.
   */
  ping(): void {
    this.loss.checkFiles();
    if (this.writeFailure === null) {
      this.read(() => this.connection.prepare('SELECT 1').get());
    } else {
      const lack = probeDiskSpace(this.path);
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
  async status(): Promise<StoreStatus> {
    const schemaVersion = this.read(() => readPragma(this.connection, 'user_version'));
    const { bavail, bsize } = await statfs(dirname(this.path));
    return {
      schemaVersion,
      knownSchemaVersion: this.knownSchemaVersion,
      freeBytes: bavail * bsize,
      usedBytes: (await fileSize(this.path)) + (await fileSize(`${this.path}-wal`)),
    };
  }

  /**
   * Writes a copy of what is committed to a new file, while this one is in use; also where this one was removed.
   * @throws StoreLostError where it is damaged: the copy would be as well.
   */
  async backUp(path: string): Promise<void> {
    this.loss.throwIfDamaged();
    await writeBackup(this.connection, path);
  }

  close(): void {
    if (this.connection.isOpen) {
      if (this.loss.close()) {
        this.connection.close();
      } else {
        closeMarked(this.connection, this.path);
      }
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
    this.loss.throwIfLost();
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
    if (isDamage(error)) {
      return this.loss.noteDamage(error);
    }
    return new StoreUnavailableError(`the embedded store failed: ${messageOf(error)}`, { cause: error });
  }
}

async function fileSize(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0; // there is a log only between writes and their checkpoint
}
