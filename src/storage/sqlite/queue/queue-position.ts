import { MAX_RETRIES_AHEAD, type QueuePosition } from '../../../ingestion/ingestion.repository.js';
import { PRIORITY_RANKS, toRank, type Priority, type PriorityRank } from '../../../domain/priority.js';
import { LEVELS } from '../../shared/pending-levels.js';
import { assertLaneRow, toQueuePosition, type QueuePositionRow } from '../../shared/rows/lane-row.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import { WriteInvalidatedCache } from '../database/write-invalidated-cache.js';
import type { StoreClock } from '../database/store-clock.js';
import { pendingBefore } from './pending-counters.js';

/** The row is cached, so it holds times, not durations. */
interface PositionRow extends Pick<QueuePositionRow, 'waiting_ahead' | 'retries_ahead' | 'paused_at'> {
  readonly slot_taken_time: number;
  readonly held_until_time: number;
}

/** Listing the ranks makes SQLite look up each one at its level; without the list it scans a level completely. */
const RANKS = PRIORITY_RANKS.join(', ');

/** Reads queue positions. */
export class QueuePositions {
  private readonly selectPosition: PreparedStatement<PositionRow>;
  /** Caches positions by seq. A write invalidates it, so a changed priority is seen. */
  private readonly cache: WriteInvalidatedCache<number, PositionRow>;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly laneIds: LaneIds,
  ) {
    this.cache = new WriteInvalidatedCache(database);
    this.selectPosition = database.prepare(`
      SELECT paused_at, slot_taken_time, held_until_time,
             (SELECT coalesce(sum(ids), 0) FROM waiting_sum
              WHERE lane_no = :laneNo AND rank IN (${RANKS}) AND rank < :rank AND level = ${String(LEVELS)})
             + ${pendingBefore(':laneNo', ':rank', ':seq')} AS waiting_ahead,
             (SELECT count(*) FROM (
                SELECT 1 FROM retry WHERE lane_no = :laneNo AND rank <= :rank LIMIT ${String(MAX_RETRIES_AHEAD)}
              )) AS retries_ahead
      FROM gate WHERE lane_no = :laneNo
    `);
  }

  /** Implements `IngestionRepository.positionOf`. */
  positionOf(lane: string, priority: Priority, seq: number | null): QueuePosition | Promise<QueuePosition> {
    const known = seq === null ? undefined : this.cache.find(seq);
    return known === undefined ? this.readPosition(lane, toRank(priority), seq) : this.toPosition(known);
  }

  private async readPosition(lane: string, rank: PriorityRank, seq: number | null): Promise<QueuePosition> {
    const laneNo = this.laneIds.toNumber(lane);
    const select = (rowSeq: number): PositionRow =>
      assertLaneRow(this.selectPosition.get({ laneNo, rank, seq: rowSeq }), lane);
    const row = this.database.read(() =>
      seq === null ? select(Number.MAX_SAFE_INTEGER) : this.cache.get(seq, () => select(seq)),
    );
    return this.toPosition(row);
  }

  private toPosition(row: PositionRow): QueuePosition {
    const nowMs = this.time.nowMs();
    return toQueuePosition({
      ...row,
      slot_taken_ms_ago: nowMs - row.slot_taken_time,
      held_for_ms: Math.max(0, row.held_until_time - nowMs),
    });
  }
}
