import type { StatementSync } from 'node:sqlite';
import { stringify } from 'uuid';
import type {
  LiveRepository,
  QueuedIds,
  OrderPolicy,
  DispatchSnapshot,
  DispatchPartSnapshot,
} from '../../../operations/live/live.repository.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import { IdChunks } from './id-chunks.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';
import { PendingIds } from './pending-ids.js';

interface DispatchRow {
  dispatch_no: number;
  dispatch_id: Uint8Array;
  begun_at: number;
  ended_at: number | null;
  ending: DispatchSnapshot['ending'];
}

interface PartRow {
  seq: number;
  batch_no: number;
  first: number;
  size: number;
  ingestion_id: Uint8Array;
  rank: PriorityRank;
  failures: number;
  unsuccessful: number;
}

/** Reads the live state of lanes from the embedded store. */
export class SqliteLiveRepository implements LiveRepository {
  private readonly pendingIds: PendingIds;
  private readonly chunks: IdChunks;
  private readonly selectIngestionId: StatementSync;
  private readonly selectDispatches: StatementSync;
  private readonly selectParts: StatementSync;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly laneIds: LaneIds,
  ) {
    this.pendingIds = new PendingIds(database);
    this.chunks = new IdChunks(database);
    this.selectIngestionId = database.prepare('SELECT ingestion_id FROM ingestion WHERE seq = ?');
    this.selectDispatches = database.prepare(`
      SELECT dispatch_no, dispatch_id, begun_at, ended_at, ending
      FROM dispatch WHERE lane_no = ? ORDER BY dispatch_no DESC LIMIT ?
    `);
    this.selectParts = database.prepare(`
      SELECT seq, batch_no, first, size, failures, ingestion_id, rank,
             (SELECT count(*) FROM failed_attempt AS attempt
              WHERE attempt.seq = part.seq AND attempt.dispatch_no = part.dispatch_no
                AND attempt.position >= part.first AND attempt.position < part.first + part.size) AS unsuccessful
      FROM dispatch_part AS part JOIN ingestion USING (seq)
      WHERE dispatch_no = ? ORDER BY part_no
    `);
  }

  async upcoming(lane: string, order: OrderPolicy, limit: number): Promise<QueuedIds[]> {
    const laneNo = this.laneIds.toNumber(lane);
    return this.database.read(() =>
      this.pendingIds
        .next(laneNo, { batchSize: limit, ...order, nowMs: this.time.nowMs() })
        .map(({ candidate: { seq, first, rank, isRetry }, size }) => ({
          ingestionId: stringify(this.selectIngestionId.get(seq)?.['ingestion_id'] as Uint8Array),
          priority: toPriority(rank),
          isRetry,
          packedIds: this.chunks.read(seq, first, size),
        })),
    );
  }

  async recent(lane: string, limit: number, idsEach: number): Promise<DispatchSnapshot[]> {
    const laneNo = this.laneIds.toNumber(lane);
    return this.database.read(() =>
      (this.selectDispatches.all(laneNo, limit) as unknown as DispatchRow[]).map((row) =>
        this.toSnapshot(row, idsEach),
      ),
    );
  }

  private toSnapshot(row: DispatchRow, idsEach: number): DispatchSnapshot {
    const parts = this.selectParts.all(row.dispatch_no) as unknown as PartRow[];
    return {
      dispatchNo: row.dispatch_no,
      dispatchId: stringify(row.dispatch_id),
      startedAtMs: row.begun_at,
      endedAtMs: row.ended_at,
      ending: row.ending,
      unsuccessful: parts.reduce((sum, { unsuccessful }) => sum + unsuccessful, 0),
      parts: parts.map((part): DispatchPartSnapshot => ({
        ingestionId: stringify(part.ingestion_id),
        batchNo: part.batch_no,
        priority: toPriority(part.rank),
        size: part.size,
        isRetry: part.failures > 0,
        packedIds: this.chunks.read(part.seq, part.first, Math.min(part.size, idsEach)),
      })),
    };
  }
}
