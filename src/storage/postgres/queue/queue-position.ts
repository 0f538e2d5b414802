import {
  MAX_RETRIES_AHEAD,
  type QueuePositionRepository,
  type QueuePosition,
} from '../../../ingestion/estimate/queue-position.repository.js';
import { toRank, type Priority } from '../../../domain/priority.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';
import { counterBefore, counterOfRank } from './pending-counters.js';

interface PositionRow {
  readonly waiting_ahead: number;
  readonly retries_ahead: number;
  readonly paused_at: number | null;
  readonly slot_taken_ms_ago: number;
  readonly held_for_ms: number;
}

/** Reads queue positions from PostgreSQL. */
export class PostgresQueuePositionRepository implements QueuePositionRepository {
  private readonly selectPosition: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly laneIds: LaneIds,
  ) {
    this.selectPosition = statement(`
      SELECT paused_at, ${schema}.store_now() - slot_taken_time AS slot_taken_ms_ago,
             greatest(held_until_time - ${schema}.store_now(), 0) AS held_for_ms,
             ${counterOfRank(schema, '$1::int', 'ANY (ARRAY(SELECT generate_series(0, $2::int - 1)))')}
               + ${counterBefore(schema, '$1::int', '$2::int', '$3::bigint')} AS waiting_ahead,
             (SELECT count(*) FROM (
                SELECT FROM ${schema}.retry WHERE lane_no = $1::int AND rank <= $2::int
                LIMIT ${String(MAX_RETRIES_AHEAD)}
              ) AS counted) AS retries_ahead
      FROM ${schema}.gate WHERE lane_no = $1::int
    `);
  }

  async positionOf(lane: string, priority: Priority, seq: number | null): Promise<QueuePosition> {
    const { laneNo } = await this.laneIds.find(lane);
    const values = [laneNo, toRank(priority), seq ?? Number.MAX_SAFE_INTEGER];
    const [row] = (await this.database.read(this.selectPosition, values)) as unknown as PositionRow[];
    if (row === undefined) {
      throw new Error(`lane ${lane} has no row`);
    }
    return {
      pendingAhead: row.waiting_ahead,
      retriesAhead: row.retries_ahead,
      pausedAtMs: row.paused_at,
      slotTakenMsAgo: row.slot_taken_ms_ago,
      heldForMs: row.held_for_ms,
    };
  }
}
