import {
  MAX_RETRIES_AHEAD,
  type QueuePositionRepository,
  type QueuePosition,
} from '../../../ingestion/estimate/queue-position.repository.js';
import { toRank, type Priority } from '../../../domain/priority.js';
import type { Lanes } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';
import { sumBefore, sumOfRank } from './pending-counters.js';

interface PlaceRow {
  readonly waiting_ahead: number;
  readonly retries_ahead: number;
  readonly paused_at: number | null;
  readonly slot_taken_ms_ago: number;
  readonly held_for_ms: number;
}

/** The look ahead in PostgreSQL. */
export class PostgresOutlookStore implements QueuePositionRepository {
  private readonly selectPlace: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly lanes: Lanes,
  ) {
    this.selectPlace = statement(`
      SELECT paused_at, ${schema}.store_now() - slot_taken_time AS slot_taken_ms_ago,
             greatest(held_until_time - ${schema}.store_now(), 0) AS held_for_ms,
             ${sumOfRank(schema, '$1::int', 'ANY (ARRAY(SELECT generate_series(0, $2::int - 1)))')}
               + ${sumBefore(schema, '$1::int', '$2::int', '$3::bigint')} AS waiting_ahead,
             (SELECT count(*) FROM (
                SELECT FROM ${schema}.retry WHERE lane_no = $1::int AND rank <= $2::int
                LIMIT ${String(MAX_RETRIES_AHEAD)}
              ) AS counted) AS retries_ahead
      FROM ${schema}.gate WHERE lane_no = $1::int
    `);
  }

  async positionOf(lane: string, priority: Priority, seq: number | null): Promise<QueuePosition> {
    const { laneNo } = await this.lanes.find(lane);
    const values = [laneNo, toRank(priority), seq ?? Number.MAX_SAFE_INTEGER];
    const [row] = (await this.database.read(this.selectPlace, values)) as unknown as PlaceRow[];
    if (row === undefined) {
      throw new Error(`lane ${lane} has no gate`);
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
