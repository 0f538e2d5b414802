import { MAX_RETRIES_AHEAD, type QueuePosition } from '../../../ingestion/ingestion.repository.js';
import { toRank, type Priority } from '../../../domain/priority.js';
import { assertLaneRow, toQueuePosition, type QueuePositionRow } from '../../shared/rows/lane-row.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';
import { pendingBefore, pendingOfRank } from './pending-counters.js';

/** Reads queue positions. */
export class QueuePositions {
  private readonly selectPosition: Statement<QueuePositionRow>;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly laneIds: LaneIds,
  ) {
    this.selectPosition = statement(`
      SELECT paused_at, ${schema}.store_now() - slot_taken_time AS slot_taken_ms_ago,
             greatest(held_until_time - ${schema}.store_now(), 0) AS held_for_ms,
             ${pendingOfRank(schema, '$1::int', 'ANY (ARRAY(SELECT generate_series(0, $2::int - 1)))')}
               + ${pendingBefore(schema, '$1::int', '$2::int', '$3::bigint')} AS waiting_ahead,
             (SELECT count(*) FROM (
                SELECT FROM ${schema}.retry WHERE lane_no = $1::int AND rank <= $2::int
                LIMIT ${String(MAX_RETRIES_AHEAD)}
              ) AS counted) AS retries_ahead
      FROM ${schema}.gate WHERE lane_no = $1::int
    `);
  }

  /** Implements `IngestionRepository.positionOf`. */
  async positionOf(lane: string, priority: Priority, seq: number | null): Promise<QueuePosition> {
    const { laneNo } = await this.laneIds.find(lane);
    const values = [laneNo, toRank(priority), seq ?? Number.MAX_SAFE_INTEGER];
    const [row] = await this.database.read(this.selectPosition, values);
    return toQueuePosition(assertLaneRow(row, lane));
  }
}
