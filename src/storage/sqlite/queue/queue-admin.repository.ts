import { stringify } from 'uuid';
import type { AuditEntry } from '../../../domain/audit.js';
import { toRank, type Priority } from '../../../domain/priority.js';
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
import type { Clock } from '../../../domain/clock.js';
import {
  assertLaneRow,
  toLaneProgress,
  toQueueStats,
  type LaneProgressRow,
  type QueueStatsRow,
} from '../../shared/rows/lane-row.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';
import { pendingOfRank, scheduledIds } from './pending-counters.js';
import { UpcomingIds } from './upcoming-ids.js';

/** Reads and controls the whole queue in the embedded store. */
export class SqliteQueueAdminRepository implements QueueAdminRepository {
  private readonly upcomingIds: UpcomingIds;
  private readonly selectStats: PreparedStatement<QueueStatsRow>;
  private readonly selectOldest: PreparedStatement<{ accepted_time: number }>;
  private readonly countStarted: PreparedStatement<{ begun: number }>;
  private readonly selectLastError: PreparedStatement<LaneError>;
  private readonly selectProgress: PreparedStatement<LaneProgressRow>;
  private readonly selectUnsent: PreparedStatement<{ ingestion_id: Uint8Array }>;
  private readonly setPaused: PreparedStatement;
  private readonly setOpen: PreparedStatement;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
    private readonly laneIds: LaneIds,
    private readonly auditLog: AuditLog,
  ) {
    this.upcomingIds = new UpcomingIds(database, time, laneIds);
    this.selectStats = database.prepare(`
      SELECT paused_at, :nowMs - slot_taken_time AS slot_taken_ms_ago,
             max(held_until_time - :nowMs, 0) AS held_for_ms,
             ${pendingOfRank(':laneNo', '0')} AS high, ${pendingOfRank(':laneNo', '1')} AS medium,
             ${pendingOfRank(':laneNo', '2')} AS low, ${scheduledIds(':laneNo')} AS scheduled,
             (SELECT count(*) FROM (SELECT 1 FROM retry WHERE lane_no = :laneNo LIMIT ${String(MAX_RETRIES_COUNTED)})) AS retries,
             (SELECT count(*) FROM (SELECT 1 FROM retry WHERE lane_no = :laneNo AND rank IN (0, 1, 2) AND due_time <= :nowMs
               LIMIT ${String(MAX_RETRIES_COUNTED)})) AS retries_due,
             (SELECT coalesce(sum(size), 0) FROM dispatch JOIN dispatch_part USING (dispatch_no)
              WHERE ended_at IS NULL AND lane_no = :laneNo) AS in_flight
      FROM gate WHERE lane_no = :laneNo
    `);
    this.selectOldest = database.prepare(
      'SELECT accepted_time FROM ingestion WHERE lane_no = ? AND rank = ? AND taken < total AND cancelled_at IS NULL ORDER BY seq LIMIT 1',
    );
    this.countStarted = database.prepare(`
      SELECT count(*) AS begun FROM (
        SELECT begun_at FROM dispatch WHERE lane_no = :laneNo ORDER BY dispatch_no DESC LIMIT :most
      ) WHERE begun_at > :since
    `);
    // The parts of a deleted ingestion are gone, so the newest dispatch may have no errors left.
    this.selectLastError = database.prepare(`
      SELECT attempted_at AS atMs, kind, message FROM (
        SELECT dispatch_no FROM (
          SELECT dispatch_no, retried, failed, ending FROM dispatch
          WHERE lane_no = ? ORDER BY dispatch_no DESC LIMIT ${String(MAX_DISPATCHES_SEARCHED)}
        )
        WHERE retried > 0 OR failed > 0 OR ending = 'lapsed' ORDER BY dispatch_no DESC LIMIT 10
      ) AS newest
      JOIN dispatch_part AS part USING (dispatch_no)
      JOIN failed_attempt AS attempt ON attempt.seq = part.seq AND attempt.dispatch_no = newest.dispatch_no
        AND attempt.position >= part.first AND attempt.position < part.first + part.size
      ORDER BY newest.dispatch_no DESC LIMIT 1
    `);
    this.selectProgress = database.prepare(`
      SELECT paused_at IS NOT NULL AS is_paused, held_until_time > :nowMs AS is_held,
             EXISTS (SELECT 1 FROM ingestion
                     WHERE lane_no = :laneNo AND rank IN (0, 1, 2) AND taken < total AND cancelled_at IS NULL)
             OR EXISTS (SELECT 1 FROM retry WHERE lane_no = :laneNo AND rank IN (0, 1, 2) AND due_time <= :nowMs) AS has_due_ids,
             EXISTS (SELECT 1 FROM dispatch
                     WHERE ended_at IS NULL AND lane_no = :laneNo AND begun_at > :graceEnd) AS has_new_claim,
             (SELECT dispatch_no FROM (
                SELECT dispatch_no, begun_at, ended_at, ending FROM dispatch
                WHERE lane_no = :laneNo ORDER BY dispatch_no DESC LIMIT ${String(MAX_DISPATCHES_SEARCHED)}
              )
              WHERE CASE WHEN ended_at IS NULL THEN begun_at <= :graceEnd ELSE ending <> 'released' END
              ORDER BY dispatch_no DESC LIMIT 1) AS last_sent_no
      FROM gate WHERE lane_no = :laneNo
    `);
    this.selectUnsent = database.prepare(`
      SELECT ingestion_id FROM ingestion WHERE seq IN (
        SELECT * FROM (
          SELECT seq FROM ingestion
          WHERE lane_no = :laneNo AND rank IN (0, 1, 2, 3, 4, 5) AND taken < total AND cancelled_at IS NULL LIMIT :limit
        )
        UNION
        SELECT * FROM (SELECT seq FROM retry WHERE lane_no = :laneNo LIMIT :limit)
      ) LIMIT :limit
    `);
    this.setPaused = database.prepare(
      'UPDATE gate SET paused_at = ? WHERE lane_no = ? AND paused_at IS NULL',
    );
    this.setOpen = database.prepare(
      'UPDATE gate SET paused_at = NULL WHERE lane_no = ? AND paused_at IS NOT NULL',
    );
  }

  async stats(lane: string): Promise<QueueStats> {
    const laneNo = this.laneIds.toNumber(lane);
    const row = this.database.read(() => this.selectStats.get({ laneNo, nowMs: this.time.nowMs() }));
    return toQueueStats(assertLaneRow(row, lane));
  }

  async countDispatchesSince(lane: string, withinMs: number, most: number): Promise<number> {
    const values = { laneNo: this.laneIds.toNumber(lane), most, since: this.clock.wallMs() - withinMs };
    return this.database.read(() => Number(this.countStarted.get(values)?.begun));
  }

  async oldestPendingAgeMs(lane: string): Promise<Record<Priority, number | null>> {
    const laneNo = this.laneIds.toNumber(lane);
    const nowMs = this.time.nowMs();
    const waitsForMs = (priority: Priority): number | null => {
      const accepted = this.selectOldest.get(laneNo, toRank(priority))?.accepted_time;
      return accepted === undefined ? null : nowMs - accepted;
    };
    return this.database.read(() => ({
      HIGH: waitsForMs('HIGH'),
      MEDIUM: waitsForMs('MEDIUM'),
      LOW: waitsForMs('LOW'),
    }));
  }

  async lastError(lane: string): Promise<LaneError | null> {
    const laneNo = this.laneIds.toNumber(lane);
    return this.database.read(() => this.selectLastError.get(laneNo) ?? null);
  }

  async progress(lane: string, graceMs: number): Promise<LaneProgress> {
    const values = {
      laneNo: this.laneIds.toNumber(lane),
      nowMs: this.time.nowMs(),
      graceEnd: this.clock.wallMs() - graceMs,
    };
    const row = this.database.read(() => this.selectProgress.get(values));
    return toLaneProgress(assertLaneRow(row, lane));
  }

  upcoming(request: UpcomingRequest): Promise<QueuedIds[]> {
    return this.upcomingIds.upcoming(request);
  }

  async unsentIngestions(lane: string, limit: number): Promise<readonly string[]> {
    const laneNo = this.laneIds.toNumber(lane);
    const rows = this.database.read(() => this.selectUnsent.all({ laneNo, limit }));
    return rows.map((row) => stringify(row.ingestion_id));
  }

  async pause(lane: string, audit?: AuditEntry): Promise<void> {
    const laneNo = this.laneIds.toNumber(lane);
    this.database.write(() => {
      if (Number(this.setPaused.run(this.clock.wallMs(), laneNo).changes) > 0) {
        this.auditLog.record(audit, { lane });
      }
    });
  }

  async resume(lane: string, audit?: AuditEntry): Promise<void> {
    const laneNo = this.laneIds.toNumber(lane);
    this.database.write(() => {
      if (Number(this.setOpen.run(laneNo).changes) > 0) {
        this.auditLog.record(audit, { lane });
      }
    });
  }
}
