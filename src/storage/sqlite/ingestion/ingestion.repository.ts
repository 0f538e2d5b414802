import type { StatementSync } from 'node:sqlite';
import { parse, stringify, validate } from 'uuid';
import { countIds } from '../../../domain/packed-ids.js';
import type {
  Acceptance,
  StartedBatch,
  IngestionRecord,
  IngestionKey,
  IngestionPage,
  NewIngestion,
  IngestionCursor,
} from '../../../domain/ingestion.js';
import type { IngestionRepository } from '../../../ingestion/ingestion.repository.js';
import { toPriority, toRank, type PriorityRank } from '../../../domain/priority.js';
import type { Clock } from '../../../domain/clock.js';
import { IdChunks } from '../queue/id-chunks.js';
import { ClientPendingCounter } from '../queue/client-pending-counter.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { Timestamps } from '../queue/settle.js';
import { StagedIngestions } from './staged-ingestions.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';
import { WriteInvalidatedCache } from '../database/write-invalidated-cache.js';
import { PendingDelta, PendingCounters } from '../queue/pending-counters.js';

interface IngestionRow {
  seq: number;
  lane: string;
  rank: PriorityRank;
  client: string | null;
  total: number;
  taken: number;
  batches: number;
  completed: number;
  failed: number;
  cancelled: number;
  cancelled_at: number | null;
  created_at: number;
  updated_at: number;
}

/** Stores ingestions in the embedded store. */
export class SqliteIngestionRepository implements IngestionRepository {
  private readonly insertIngestion: StatementSync;
  private readonly insertCallback: StatementSync;
  private readonly selectIngestion: StatementSync;
  private readonly selectBefore: StatementSync;
  private readonly selectBeforeOfClient: StatementSync;
  private readonly selectBatches: StatementSync;
  private readonly hasIngestion: StatementSync;
  private readonly cache: WriteInvalidatedCache<string, IngestionRecord | null>;
  private readonly chunks: IdChunks;
  private readonly stagedIngestions: StagedIngestions;
  private readonly idempotencyKeys: IdempotencyKeys;
  private readonly clientPending: ClientPendingCounter;
  private readonly pendingCounters: PendingCounters;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
    private readonly laneIds: LaneIds,
  ) {
    this.cache = new WriteInvalidatedCache(database);
    this.chunks = new IdChunks(database);
    this.stagedIngestions = new StagedIngestions(database);
    this.clientPending = new ClientPendingCounter(database);
    this.pendingCounters = new PendingCounters(database);
    this.idempotencyKeys = new IdempotencyKeys(database, time.nowMs());
    this.insertIngestion = database.prepare(`
      INSERT INTO ingestion (
        ingestion_id, lane_no, rank, total, accepted_time, created_at, updated_at, chunks_of, client
      )
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)
    `);
    this.insertCallback = database.prepare('INSERT INTO callback (seq, url) VALUES (?, ?)');
    this.selectIngestion = database.prepare(`
      SELECT seq, lane, rank, client, total, taken, batches, completed, failed, cancelled, cancelled_at, created_at, updated_at
      FROM ingestion JOIN gate USING (lane_no) WHERE ingestion_id = ?
    `);
    const selectBefore = (condition: string): StatementSync =>
      database.prepare(`
      SELECT ingestion_id, seq, (SELECT lane FROM gate WHERE gate.lane_no = ingestion.lane_no) AS lane, rank, client, total,
             taken, batches, completed, failed, cancelled, cancelled_at, created_at, updated_at
      FROM ingestion WHERE ${condition} (created_at, seq) < (:createdAtMs, :seq) AND created_at >= :earliestMs
      ORDER BY created_at DESC, seq DESC LIMIT :limit
    `);
    this.selectBefore = selectBefore('');
    this.selectBeforeOfClient = selectBefore('client = :client AND');
    this.hasIngestion = database.prepare('SELECT 1 FROM ingestion WHERE seq = ? AND ingestion_id = ?');
    this.selectBatches = database.prepare(`
      SELECT first, size, completed, failed, cancelled, error FROM batch
      WHERE seq = ? AND batch_no >= ? AND batch_no < ? ORDER BY batch_no
    `);
  }

  async acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]> {
    group.forEach(({ lane }) => this.laneIds.toNumber(lane)); // before the transaction
    const nowMs = this.time.nowMs();
    const wallMs = this.clock.wallMs();
    const acceptGroup = (): Acceptance[] => {
      const newly = new PendingDelta();
      const acceptances = group.map((ingestion) => this.accept(ingestion, { nowMs, wallMs }, newly));
      this.pendingCounters.add(newly);
      this.idempotencyKeys.pruneSome(nowMs);
      return acceptances;
    };
    const acceptances = this.idempotencyKeys.inTransaction(() => this.database.commit(acceptGroup), nowMs);
    await this.database.flush();
    return acceptances;
  }

  async findMany(ingestionIds: readonly string[]): Promise<IngestionRecord[]> {
    return this.database.read(() =>
      ingestionIds.flatMap((ingestionId) => {
        const row = this.select(ingestionId);
        return row === null ? [] : [toIngestionRecord(ingestionId, row)];
      }),
    );
  }

  async findPreceding(
    { createdAtMs, seq }: IngestionCursor,
    earliestMs: number,
    limit: number,
    client: string | null,
  ): Promise<IngestionRecord[]> {
    const place = { createdAtMs, seq, earliestMs, limit };
    const rows = this.database.read(() =>
      client === null ? this.selectBefore.all(place) : this.selectBeforeOfClient.all({ ...place, client }),
    );
    return rows.map((row) =>
      toIngestionRecord(stringify(row['ingestion_id'] as Uint8Array), row as unknown as IngestionRow),
    );
  }

  async findWithBatches(ingestionId: string, from: number, limit: number): Promise<IngestionPage | null> {
    return this.database.read(() => {
      const row = this.select(ingestionId);
      return (
        row && {
          ingestion: toIngestionRecord(ingestionId, row),
          started: this.selectBatches.all(row.seq, from, from + limit) as unknown as StartedBatch[],
        }
      );
    });
  }

  async readIds({ seq, ingestionId }: IngestionKey, first: number, size: number): Promise<Uint8Array | null> {
    return this.database.read(() =>
      this.hasIngestion.get(seq, parse(ingestionId)) === undefined
        ? null
        : this.chunks.read(seq, first, size),
    );
  }

  findById(ingestionId: string): IngestionRecord | null | Promise<IngestionRecord | null> {
    const known = this.cache.find(ingestionId);
    return known === undefined ? this.readById(ingestionId) : known;
  }

  private async readById(ingestionId: string): Promise<IngestionRecord | null> {
    if (!validate(ingestionId)) {
      return null;
    }
    return this.database.read(() =>
      this.cache.get(ingestionId, () => {
        const row = this.select(ingestionId);
        return row && toIngestionRecord(ingestionId, row);
      }),
    );
  }

  private select(ingestionId: string): IngestionRow | null {
    const row = validate(ingestionId) ? this.selectIngestion.get(parse(ingestionId)) : undefined;
    return row === undefined ? null : (row as unknown as IngestionRow);
  }

  private accept(ingestion: NewIngestion, { nowMs, wallMs }: Timestamps, newly: PendingDelta): Acceptance {
    const { ingestionId, lane, priority, client, packedIds, staged, callbackUrl, idempotency } = ingestion;
    const idBytes = parse(ingestionId);
    const acceptance = this.decideWithoutInsert(ingestion, nowMs, newly);
    if (acceptance !== null) {
      return acceptance;
    }
    if (idempotency !== undefined) {
      this.idempotencyKeys.add(idempotency, idBytes, nowMs);
    }
    const laneNo = this.laneIds.toNumber(lane);
    const rank = toRank(priority);
    const ids = staged === undefined ? countIds(packedIds) : this.stagedIngestions.accept(staged);
    const { lastInsertRowid } = this.insertIngestion.run(
      idBytes,
      laneNo,
      rank,
      ids,
      nowMs,
      wallMs,
      staged === undefined ? null : -staged.stagingNo,
      client,
    );
    const seq = Number(lastInsertRowid);
    newly.add({ laneNo, rank, seq, ids });
    this.clientPending.add(client, ids);
    this.chunks.insert(seq, packedIds);
    if (callbackUrl !== undefined) {
      this.insertCallback.run(seq, callbackUrl);
    }
    return { kind: 'accepted', ingestionId };
  }

  /** Returns the result of an ingestion that is not accepted; null if it may be accepted. */
  private decideWithoutInsert(
    { client, packedIds, staged, idempotency, pendingLimit }: NewIngestion,
    nowMs: number,
    newly: PendingDelta,
  ): Acceptance | null {
    const holder = idempotency && this.idempotencyKeys.findHolder(idempotency, nowMs);
    if (holder !== undefined) {
      return holder.kind === 'conflict'
        ? holder
        : { kind: 'replayed', ingestionId: stringify(holder.ingestionId) };
    }
    if (pendingLimit === undefined) {
      return null;
    }
    const pending = this.clientPending.read(client) + (client === null ? newly.ids : 0);
    const ids = staged === undefined ? countIds(packedIds) : this.stagedIngestions.sizeOf(staged.stagingNo);
    return pending + ids > pendingLimit ? { kind: 'refused', pending } : null;
  }
}

function toIngestionRecord(ingestionId: string, row: IngestionRow): IngestionRecord {
  return {
    seq: row.seq,
    ingestionId: ingestionId.toLowerCase(),
    lane: row.lane,
    priority: toPriority(row.rank),
    client: row.client,
    total: row.total,
    dispatched: row.taken,
    batches: row.batches,
    completed: row.completed,
    failed: row.failed,
    cancelled: row.cancelled,
    cancelledAtMs: row.cancelled_at,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  };
}
