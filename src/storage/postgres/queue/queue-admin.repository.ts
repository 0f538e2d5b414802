import type { AuditEntry } from '../../../domain/audit.js';
import { PRIORITY_RANKS, toPriority, type Priority } from '../../../domain/priority.js';
import {
  MAX_DISPATCHES_SEARCHED,
  MAX_RETRIES_COUNTED,
  type QueueAdminRepository,
  type LaneError,
  type LaneProgress,
  type UpcomingRequest,
  type QueuedIds,
  type QueueStats,
} from '../../../operations/queue-admin/queue-admin.repository.js';
import {
  assertLaneRow,
  toLaneProgress,
  toQueueStats,
  type LaneProgressRow,
  type QueueStatsRow,
} from '../../shared/rows/lane-row.js';
import { insertAudit, toAuditValue } from '../audit/audit-log.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { GatheredReads } from '../database/gathered-reads.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import { pendingOfRank, scheduledIds } from './pending-counters.js';
import { UpcomingIds } from './upcoming-ids.js';
import { plannedOnce, statement, type Statement } from '../database/statement.js';

interface OldestRow {
  readonly high: number | null;
  readonly medium: number | null;
  readonly low: number | null;
}

interface LaneErrorRow extends Omit<LaneError, 'atMs'> {
  readonly attempted_at: number;
}

/** Reads and controls the whole queue in PostgreSQL. */
export class PostgresQueueAdminRepository implements QueueAdminRepository {
  private readonly upcomingIds: UpcomingIds;
  private readonly progressReads: GatheredReads;
  private readonly selectStats: Statement<QueueStatsRow>;
  private readonly selectOldest: Statement<OldestRow>;
  private readonly countStarted: Statement<{ begun: number }>;
  private readonly selectLastError: Statement<LaneErrorRow>;
  private readonly selectProgress: Statement<LaneProgressRow>;
  private readonly selectUnsent: Statement<{ ingestion_id: string }>;
  private readonly setPaused: Statement;
  private readonly setOpen: Statement;

  /**
   * `gate` has connections of its own, so that the state of a lane is available even while requests hold all others.
   */
  constructor(
    private readonly database: PostgresDatabase,
    private readonly gate: { readonly database: PostgresDatabase; readonly lanes: LaneIds },
    schema: string,
    private readonly laneIds: LaneIds,
  ) {
    this.upcomingIds = new UpcomingIds(database, schema, laneIds);
    this.progressReads = new GatheredReads(gate.database);
    this.selectStats = statement(`
      SELECT paused_at, ${schema}.store_now() - slot_taken_time AS slot_taken_ms_ago,
             greatest(held_until_time - ${schema}.store_now(), 0) AS held_for_ms,
             ${pendingOfRank(schema, '$1::int', '0')} AS high, ${pendingOfRank(schema, '$1::int', '1')} AS medium,
             ${pendingOfRank(schema, '$1::int', '2')} AS low, ${scheduledIds(schema, '$1::int')} AS scheduled,
             (SELECT count(*) FROM (SELECT FROM ${schema}.retry WHERE lane_no = $1::int
               LIMIT ${String(MAX_RETRIES_COUNTED)}) AS counted) AS retries,
             (SELECT count(*) FROM (SELECT FROM ${schema}.retry
               WHERE lane_no = $1::int AND rank IN (0, 1, 2) AND due_time <= (SELECT ${schema}.store_now())
               LIMIT ${String(MAX_RETRIES_COUNTED)}) AS counted) AS retries_due,
             (SELECT coalesce(sum(size), 0)::bigint FROM ${schema}.dispatch JOIN ${schema}.dispatch_part USING (dispatch_no)
              WHERE ended_at IS NULL AND lane_no = $1::int) AS in_flight
      FROM ${schema}.gate WHERE lane_no = $1::int
    `);
    const columns = PRIORITY_RANKS.map(
      (rank) => `(
        SELECT ${schema}.store_now() - accepted_time FROM ${schema}.ingestion WHERE seq = (
          SELECT seq FROM ${schema}.waiting WHERE lane_no = $1::int AND rank = ${String(rank)} ORDER BY seq LIMIT 1
        )
      ) AS ${toPriority(rank).toLowerCase()}`,
    );
    this.selectOldest = statement(`SELECT ${columns.join(', ')}`);
    this.countStarted = statement(`
      SELECT count(*) AS begun FROM (
        SELECT begun_at FROM ${schema}.dispatch WHERE lane_no = $1::int ORDER BY dispatch_no DESC LIMIT $2::int
      ) AS newest WHERE begun_at > ${schema}.store_now() - $3::float8
    `);
    // The parts of a deleted ingestion are gone, so the newest dispatch may have no errors left.
    this.selectLastError = statement(`
      SELECT attempted_at, kind, message FROM (
        SELECT dispatch_no FROM (
          SELECT dispatch_no, retried, failed, ending FROM ${schema}.dispatch
          WHERE lane_no = $1::int ORDER BY dispatch_no DESC LIMIT ${String(MAX_DISPATCHES_SEARCHED)}
        ) AS searched
        WHERE retried > 0 OR failed > 0 OR ending = 'lapsed' ORDER BY dispatch_no DESC LIMIT 10
      ) AS newest
      JOIN ${schema}.dispatch_part AS part USING (dispatch_no)
      JOIN ${schema}.failed_attempt AS attempt ON attempt.seq = part.seq AND attempt.dispatch_no = newest.dispatch_no
        AND attempt.position >= part.first AND attempt.position < part.first + part.size
      ORDER BY newest.dispatch_no DESC LIMIT 1
    `);
    this.selectProgress = plannedOnce(`
      SELECT paused_at IS NOT NULL AS is_paused, held_until_time > ${schema}.store_now() AS is_held,
             EXISTS (SELECT FROM ${schema}.waiting WHERE lane_no = $1::int AND rank IN (0, 1, 2))
             OR EXISTS (
               SELECT FROM ${schema}.retry
               WHERE lane_no = $1::int AND rank IN (0, 1, 2) AND due_time <= (SELECT ${schema}.store_now())
             ) AS has_due_ids,
             EXISTS (
               SELECT FROM ${schema}.dispatch
               WHERE ended_at IS NULL AND lane_no = $1::int AND begun_at > ${schema}.store_now() - $2::float8
             ) AS has_new_claim,
             (SELECT dispatch_no FROM (
                SELECT dispatch_no, begun_at, ended_at, ending FROM ${schema}.dispatch
                WHERE lane_no = $1::int ORDER BY dispatch_no DESC LIMIT ${String(MAX_DISPATCHES_SEARCHED)}
              ) AS newest
              WHERE CASE WHEN ended_at IS NULL THEN begun_at <= ${schema}.store_now() - $2::float8 ELSE ending <> 'released' END
              ORDER BY dispatch_no DESC LIMIT 1) AS last_sent_no
      FROM ${schema}.gate WHERE lane_no = $1::int
    `);
    this.selectUnsent = statement(`
      SELECT ingestion_id FROM ${schema}.ingestion WHERE seq IN (
        (SELECT seq FROM ${schema}.waiting WHERE lane_no = $1::int LIMIT $2::int)
        UNION (SELECT seq FROM ${schema}.schedule WHERE lane_no = $1::int LIMIT $2::int)
        UNION (SELECT seq FROM ${schema}.retry WHERE lane_no = $1::int LIMIT $2::int)
      ) LIMIT $2::int
    `);
    // A concurrent claim has read another epoch: it fails, and finds the lane paused when it reads again.
    this.setPaused = statement(`
      WITH paused AS (
        UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH}, paused_at = round(${schema}.store_now())
        WHERE lane_no = $1::int AND paused_at IS NULL RETURNING lane
      )
      ${insertAudit(schema, '$2', { lane: 'act.lane', source: 'SELECT lane FROM paused' })}
    `);
    this.setOpen = statement(`
      WITH opened AS (
        UPDATE ${schema}.gate SET paused_at = NULL WHERE lane_no = $1::int AND paused_at IS NOT NULL RETURNING lane
      )
      ${insertAudit(schema, '$2', { lane: 'act.lane', source: 'SELECT lane FROM opened' })}
    `);
  }

  async stats(lane: string): Promise<QueueStats> {
    const { laneNo } = await this.laneIds.find(lane);
    const [row] = await this.database.read(this.selectStats, [laneNo]);
    return toQueueStats(assertLaneRow(row, lane));
  }

  async countDispatchesSince(lane: string, withinMs: number, most: number): Promise<number> {
    const { laneNo } = await this.laneIds.find(lane);
    const [row] = await this.database.read(this.countStarted, [laneNo, most, withinMs]);
    return Number(row?.begun);
  }

  async oldestPendingAgeMs(lane: string): Promise<Record<Priority, number | null>> {
    const { laneNo } = await this.laneIds.find(lane);
    const [row] = await this.database.read(this.selectOldest, [laneNo]);
    return { HIGH: row?.high ?? null, MEDIUM: row?.medium ?? null, LOW: row?.low ?? null };
  }

  async lastError(lane: string): Promise<LaneError | null> {
    const { laneNo } = await this.laneIds.find(lane);
    const [row] = await this.database.read(this.selectLastError, [laneNo]);
    return row === undefined ? null : { atMs: row.attempted_at, kind: row.kind, message: row.message };
  }

  async progress(lane: string, graceMs: number): Promise<LaneProgress> {
    const { laneNo } = await this.gate.lanes.find(lane);
    const [row] = await this.progressReads.read(this.selectProgress, [laneNo, graceMs]);
    return toLaneProgress(assertLaneRow(row, lane));
  }

  upcoming(request: UpcomingRequest): Promise<QueuedIds[]> {
    return this.upcomingIds.upcoming(request);
  }

  async unsentIngestions(lane: string, limit: number): Promise<readonly string[]> {
    const { laneNo } = await this.laneIds.find(lane);
    const rows = await this.database.read(this.selectUnsent, [laneNo, limit]);
    return rows.map((row) => row.ingestion_id);
  }

  async pause(lane: string, audit?: AuditEntry): Promise<void> {
    const { laneNo } = await this.laneIds.find(lane);
    await this.database.write(this.setPaused, [laneNo, toAuditValue(audit)]);
  }

  async resume(lane: string, audit?: AuditEntry): Promise<void> {
    const { laneNo } = await this.laneIds.find(lane);
    await this.database.write(this.setOpen, [laneNo, toAuditValue(audit)]);
  }
}
