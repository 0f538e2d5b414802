import { stringify } from 'uuid';
import type { QueuedIds, UpcomingRequest } from '../../../operations/queue-admin/queue-admin.repository.js';
import { toPriority } from '../../../domain/priority.js';
import { IdChunks } from './id-chunks.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';
import { PendingIds } from './pending-ids.js';

/** Reads the ids that claims would take next. */
export class UpcomingIds {
  private readonly pendingIds: PendingIds;
  private readonly chunks: IdChunks;
  private readonly selectIngestionId: PreparedStatement<{ ingestion_id: Uint8Array }>;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly laneIds: LaneIds,
  ) {
    this.pendingIds = new PendingIds(database);
    this.chunks = new IdChunks(database);
    this.selectIngestionId = database.prepare('SELECT ingestion_id FROM ingestion WHERE seq = ?');
  }

  async upcoming({ lane, isFairShare, choose }: UpcomingRequest): Promise<QueuedIds[]> {
    const laneNo = this.laneIds.toNumber(lane);
    return this.database.read(() =>
      choose(this.pendingIds.streams(laneNo, this.time.nowMs(), { isFairShare })).map(
        ({ candidate: { seq, first, rank, isRetry }, size }) => ({
          ingestionId: this.ingestionIdOf(seq),
          priority: toPriority(rank),
          isRetry,
          packedIds: this.chunks.read(seq, first, size),
        }),
      ),
    );
  }

  private ingestionIdOf(seq: number): string {
    const row = this.selectIngestionId.get(seq);
    if (row === undefined) {
      throw new Error(`ingestion ${String(seq)} is missing`);
    }
    return stringify(row.ingestion_id);
  }
}
