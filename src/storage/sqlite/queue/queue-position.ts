import type { StatementSync } from 'node:sqlite';
import {
  MAX_RETRIES_AHEAD,
  type QueuePositionRepository,
  type QueuePosition,
} from '../../../ingestion/estimate/queue-position.repository.js';
import { PRIORITY_RANKS, toRank, type Priority, type PriorityRank } from '../../../domain/priority.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import { WriteInvalidatedCache } from '../database/write-invalidated-cache.js';
import type { StoreClock } from '../database/store-clock.js';

interface PositionRow {
  waiting_ahead: number;
  retries_ahead: number;
  paused_at: number | null;
  slot_taken_time: number;
  held_until_time: number;
}

/** Listing the ranks makes SQLite look up each one at its level; without the list it scans a level completely. */
const RANKS = PRIORITY_RANKS.join(', ');
const OF_RANK = 'lane_no = :laneNo AND rank = :rank';
const SUM = `SELECT coalesce(sum(ids), 0) FROM waiting_sum WHERE`;

/** Reads queue positions from the embedded store. */
export class SqliteQueuePositionRepository implements QueuePositionRepository {
  private readonly selectPlace: StatementSync;
  /** Caches positions by seq. A write invalidates it, so a changed priority is seen. */
  private readonly cache: WriteInvalidatedCache<number, PositionRow>;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly laneIds: LaneIds,
  ) {
    this.cache = new WriteInvalidatedCache(database);
    // The ids ahead of a seq are the sum of the whole buckets of each level, then of single ingestions.
    this.selectPlace = database.prepare(`
      SELECT paused_at, slot_taken_time, held_until_time,
             (${SUM} lane_no = :laneNo AND rank IN (${RANKS}) AND rank < :rank AND level = 3)
             + (${SUM} ${OF_RANK} AND level = 3 AND bucket < :seq >> 21)
             + (${SUM} ${OF_RANK} AND level = 2 AND bucket >= :seq >> 21 << 7 AND bucket < :seq >> 14)
             + (${SUM} ${OF_RANK} AND level = 1 AND bucket >= :seq >> 14 << 7 AND bucket < :seq >> 7)
             + (SELECT coalesce(sum(total - taken), 0) FROM ingestion
                WHERE ${OF_RANK} AND taken < total AND cancelled_at IS NULL
                  AND seq >= :seq >> 7 << 7 AND seq < :seq) AS waiting_ahead,
             (SELECT count(*) FROM (
                SELECT 1 FROM retry WHERE lane_no = :laneNo AND rank <= :rank LIMIT ${String(MAX_RETRIES_AHEAD)}
              )) AS retries_ahead
      FROM gate WHERE lane_no = :laneNo
    `);
  }

  positionOf(lane: string, priority: Priority, seq: number | null): QueuePosition | Promise<QueuePosition> {
    const known = seq === null ? undefined : this.cache.find(seq);
    return known === undefined ? this.readPosition(lane, toRank(priority), seq) : this.toPosition(known);
  }

  private async readPosition(lane: string, rank: PriorityRank, seq: number | null): Promise<QueuePosition> {
    const laneNo = this.laneIds.toNumber(lane);
    const row = this.database.read(() =>
      seq === null
        ? this.select(laneNo, rank, Number.MAX_SAFE_INTEGER)
        : this.cache.get(seq, () => this.select(laneNo, rank, seq)),
    );
    return this.toPosition(row);
  }

  private toPosition(row: PositionRow): QueuePosition {
    const nowMs = this.time.nowMs();
    return {
      pendingAhead: row.waiting_ahead,
      retriesAhead: row.retries_ahead,
      pausedAtMs: row.paused_at,
      slotTakenMsAgo: nowMs - row.slot_taken_time,
      heldForMs: Math.max(0, row.held_until_time - nowMs),
    };
  }

  private select(laneNo: number, rank: PriorityRank, seq: number): PositionRow {
    return this.selectPlace.get({ laneNo, rank, seq }) as unknown as PositionRow;
  }
}
