import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import type { Runtime } from '../../../domain/runtime.js';
import { closeMarked, markClosed } from './clean-stop.js';
import { WalFsync } from './wal-fsync.js';
import type { StoreStatus } from '../../../operations/maintenance/maintenance.repository.js';
import { MIGRATIONS, readPragma } from './migrate.js';
import { openConnection } from './open-connection.js';
import { probeDiskSpace } from './disk-space-probe.js';
import type { PreparedStatement, SqliteRow } from './prepared-statement.js';
import { SharedFlush } from './shared-flush.js';
import { isDamage, messageOf, sqliteCode } from './sqlite-errors.js';
import { StoreLoss } from './store-loss.js';
import { writeBackup } from './write-backup.js';

/** Maximum number of fsyncs for which {@link SqliteDatabase.flushUntilIdle} waits. */
const MAX_SYNCS = 5;

/** Work is alone if no other came for this time: ten times what a flush of a fast disk takes. */
const ALONE_AFTER_MS = 5;

/** `FULL` makes each commit durable before it returns; `NORMAL` leaves that to a later commit or flush. */
type Synchronous = 'FULL' | 'NORMAL';

/**
 * Owns the only connection to the embedded store. It locks the file exclusively; the operating system releases the lock
 * when the process ends.
 */
export class SqliteDatabase {
  /** Number of write transactions, counted at their start. Only a write changes the result of a read. */
  writes = 0;
  private writeFailure: Error | null = null;
  private readonly knownSchemaVersion = MIGRATIONS.latestVersion;
  private readonly log: WalFsync;
  private readonly loss: StoreLoss;
  private synchronous: Synchronous = 'FULL';
  /** Number of calls of {@link untilDurable} that wait. */
  private undurable = 0;
  private readonly sharedFlush: SharedFlush;
  /** When {@link writeGrouped} was last called, on the monotonic clock. */
  private groupedAtMs = Number.NEGATIVE_INFINITY;
  private readonly prepared = new Map<string, StatementSync>();

  private constructor(
    readonly path: string,
    private readonly connection: DatabaseSync,
    private readonly runtime: Runtime,
  ) {
    this.loss = new StoreLoss(path, runtime, () => {
      markClosed(this.connection);
    });
    this.log = new WalFsync(`${path}-wal`);
    this.sharedFlush = new SharedFlush(
      () => this.flush(),
      runtime,
      () => this.writes,
    );
  }

  /**
   * Opens the database of a folder, see {@link openConnection}.
   * @throws StoreOpenError with a one-line reason; the file is then unchanged
   */
  static open(dataDir: string, runtime: Runtime, { allowLostLog = false } = {}): SqliteDatabase {
    return openConnection(
      dataDir,
      runtime,
      { allowLostLog },
      (connection, path) => new SqliteDatabase(path, connection, runtime),
    );
  }

  /** Prepares a statement. `Row` is the type of its rows; only the SQL text can make it true. */
  prepare<Row = SqliteRow>(sql: string): PreparedStatement<Row> {
    return this.connection.prepare(sql) as unknown as PreparedStatement<Row>;
  }

  /**
   * Does the same as {@link prepare} once per text. Each combination of filters has a statement of its own, so that each
   * uses its index.
   */
  prepareOnce<Row = SqliteRow>(sql: string): PreparedStatement<Row> {
    const prepared = this.prepared.get(sql) ?? this.connection.prepare(sql);
    this.prepared.set(sql, prepared);
    return prepared as unknown as PreparedStatement<Row>;
  }

  /**
   * Runs `work` in one durable transaction. Transactions and reads do not nest.
   * @throws StoreUnavailableError where SQLite fails; nothing of the work is then stored
   * @throws StoreLostError where the file is missing; a copy of that file may hold the work
   */
  write<T>(work: () => T): T {
    const worked = this.transact('FULL', work);
    this.loss.checkFiles();
    return worked;
  }

  /**
   * Runs `work` in one transaction that becomes durable with the next {@link flush} or {@link write}, so the event loop
   * does not wait for the disk. Recovery reads the log in order up to a commit: a durable commit implies that all
   * earlier ones are durable, and a power failure loses only the newest ones
   * (https://www.sqlite.org/fileformat2.html#the_write_ahead_log).
   * @throws StoreUnavailableError where SQLite fails; nothing of the work is then stored
   */
  commit<T>(work: () => T): T {
    return this.transact('NORMAL', work);
  }

  /**
   * Writes or commits. Work of a single dispatch that is alone is durable at once, so that it waits for nothing else at its
   * slot. Work that comes together or in close succession shares its flushes, which run beside the event loop: with 50
   * dispatches in flight and no delay, or with 100 lanes of 10 dispatches a second, the event loop would do nothing but wait
   * for the disk. Call {@link untilDurable} after it if it is not durable.
   */
  writeGrouped<T>(work: () => T, isSingle: boolean): { readonly worked: T; readonly isDurable: boolean } {
    const nowMs = this.runtime.monotonicMs();
    const isAlone = isSingle && this.isDurable && nowMs - this.groupedAtMs >= ALONE_AFTER_MS;
    this.groupedAtMs = nowMs;
    return { worked: isAlone ? this.write(work) : this.commit(work), isDurable: isAlone };
  }

  /**
   * Resolves when everything committed so far is durable; until then {@link barrier} holds back what reads tell. One
   * flush runs at a time: transactions that are committed meanwhile share the next one.
   * @throws StoreLostError where the files are missing
   */
  async untilDurable(): Promise<void> {
    this.undurable += 1;
    try {
      await this.sharedFlush.join();
    } finally {
      this.undurable -= 1;
    }
  }

  /**
   * Returns a promise that resolves when everything that a read could see so far is durable; null if it is. What is not
   * durable must not be told.
   */
  get barrier(): Promise<void> | null {
    return this.isDurable ? null : this.sharedFlush.join();
  }

  /** True if everything that a read could see is durable. */
  get isDurable(): boolean {
    return this.undurable === 0;
  }

  /**
   * Resolves when everything committed so far is durable.
   * @throws StoreLostError where the files are missing
   */
  async flush(): Promise<void> {
    await this.log.flush();
    this.loss.checkFiles();
  }

  /**
   * Does the same as {@link flush}, and resolves only when no other flush is pending, or after {@link MAX_SYNCS}
   * flushes.
   */
  async flushUntilIdle(): Promise<void> {
    let syncs = 0;
    do {
      await this.log.flush();
      syncs += 1;
    } while (this.log.isBusy && syncs < MAX_SYNCS);
    this.loss.checkFiles();
  }

  /** @throws StoreUnavailableError where SQLite fails */
  read<T>(work: () => T): T {
    return this.attempt(work);
  }

  /**
   * Checks that the store accepts writes. After a failed write it tries one, so that the health check follows the disk.
   * @throws StoreUnavailableError where the store accepts no writes
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

  /** @throws StoreUnavailableError where SQLite fails */
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
   * Writes a copy of all committed data to a new file while this one is in use, even if this one was deleted.
   * @throws StoreLostError where the file is damaged, because the copy would be damaged too
   */
  async backUp(path: string): Promise<void> {
    this.loss.throwIfDamaged();
    await writeBackup(this.connection, path, this.runtime);
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
      this.rollBack(); // an earlier transaction whose rollback failed
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

  /**
   * Rolls back. If that fails, the caller still receives the original error, and the next attempt starts with a
   * rollback.
   */
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
  // the log exists only between a write and its checkpoint
  return (await stat(path).catch(() => null))?.size ?? 0;
}
