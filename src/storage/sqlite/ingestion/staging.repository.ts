import { countIds } from '../../../domain/packed-ids.js';
import type {
  PendingCounts,
  StagedBlock,
  StagingRepository,
} from '../../../ingestion/streaming/staging.repository.js';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import { IdChunks, IDS_PER_CHUNK } from '../queue/id-chunks.js';
import { ClientPendingCounter } from '../queue/client-pending-counter.js';
import { StagedIngestions } from './staged-ingestions.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';

/**
 * A single checkpoint of a long ingestion would block the event loop for 50 to 75 ms. It is split into small ones of
 * one or two milliseconds each, and none runs while an acceptance is being flushed.
 */
export const IDS_PER_CHECKPOINT = 10_000;

/** Stages ingestions in the embedded store while they arrive. */
export class SqliteStagingRepository implements StagingRepository {
  private readonly insert: PreparedStatement;
  private readonly add: PreparedStatement;
  private readonly extend: PreparedStatement;
  private readonly selectStaged: PreparedStatement<{ ids: number }>;
  private readonly checkpoint: PreparedStatement;
  private readonly chunks: IdChunks;
  private readonly clientPending: ClientPendingCounter;
  private readonly stagedIngestions: StagedIngestions;
  private idsInLog = 0;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
  ) {
    this.insert = database.prepare('INSERT INTO staging (lease_ends_time, client) VALUES (?, ?)');
    this.add = database.prepare(`
      UPDATE staging SET ids = ids + :ids, lease_ends_time = :lease_ends_time
      WHERE staging_no = :staging_no AND ids = :ids_before
    `);
    this.selectStaged = database.prepare(
      'SELECT coalesce(sum(ids), 0) AS ids FROM staging WHERE :client IS NULL OR client = :client',
    );
    this.extend = database.prepare('UPDATE staging SET lease_ends_time = ? WHERE staging_no = ?');
    this.checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    this.clientPending = new ClientPendingCounter(database);
    this.chunks = new IdChunks(database);
    this.stagedIngestions = new StagedIngestions(database);
    this.abandonAll();
  }

  /**
   * Abandons everything staged at the start: only one process holds the file, so the process that staged it has ended.
   */
  private abandonAll(): void {
    this.database.write(() => {
      for (const stagingNo of this.stagedIngestions.expired(Infinity)) {
        this.stagedIngestions.abandon(stagingNo);
      }
    });
  }

  async create(leaseMs: number, client: string | null): Promise<number> {
    return this.database.write(() =>
      Number(this.insert.run(this.time.nowMs() + leaseMs, client).lastInsertRowid),
    );
  }

  async pendingCounts(client: string | null): Promise<PendingCounts> {
    return this.database.read(() => ({
      pending: this.clientPending.read(client),
      staged: this.selectStaged.get({ client })?.ids ?? 0,
    }));
  }

  async append(stagingNo: number, { packedIds, precedingIds }: StagedBlock, leaseMs: number): Promise<void> {
    // An ingestion that is still arriving was not promised to its client, so no fsync here: the fsync of the acceptance
    // makes its blocks durable too.
    this.database.commit(() => {
      const { changes } = this.add.run({
        staging_no: stagingNo,
        ids_before: precedingIds,
        ids: countIds(packedIds),
        lease_ends_time: this.time.nowMs() + leaseMs,
      });
      if (changes === 0) {
        throw new StoreUnavailableError(`the staged list ${String(stagingNo)} was given up, or is not whole`);
      }
      this.chunks.insert(-stagingNo, packedIds, precedingIds / IDS_PER_CHUNK);
    });
    this.idsInLog += countIds(packedIds);
    if (this.idsInLog >= IDS_PER_CHECKPOINT) {
      this.idsInLog = 0;
      await this.database.flushUntilIdle(); // half of the work of a checkpoint
      this.database.read(() => this.checkpoint.get());
    }
  }

  async renew(stagingNo: number, leaseMs: number): Promise<void> {
    this.database.write(() => this.extend.run(this.time.nowMs() + leaseMs, stagingNo));
  }

  async abandon(stagingNo: number): Promise<void> {
    this.database.write(() => {
      this.stagedIngestions.abandon(stagingNo);
    });
  }
}
