import type { AuditEntry } from '../../../domain/audit.js';
import type { StepResult } from '../../../ingestion/ingestion.repository.js';
import type { CancelReason } from '../../../domain/ingestion.js';
import { SCHEDULED_RANK_OFFSET, toPriority, toRank, type Priority } from '../../../domain/priority.js';
import type { Clock } from '../../../domain/clock.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import { toUuidColumn } from '../database/uuid-column.js';

interface Target {
  seq: number;
  lane: string;
  rank: number;
  unsent: number;
  is_ended: number;
  cancelled_at: number | null;
}

interface RetryRow {
  lane_no: number;
  rank: number;
  due_time: number;
  position: number;
  batch_no: number;
}

/** Cancels and reprioritizes ingestions. Triggers update the sums of pending ids. */
export class IngestionChanges {
  private readonly selectTarget: PreparedStatement<Target>;
  private readonly selectRetries: PreparedStatement<RetryRow>;
  private readonly removeRetry: PreparedStatement;
  private readonly countBatch: PreparedStatement;
  private readonly drop: PreparedStatement;
  private readonly selectOtherRank: PreparedStatement<RetryRow>;
  private readonly moveRetry: PreparedStatement;
  private readonly setRank: PreparedStatement;
  private readonly unschedule: PreparedStatement;
  private readonly setScheduledRank: PreparedStatement;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly clock: Clock,
    /** Null if no client acts. */
    private readonly auditLog: AuditLog | null,
  ) {
    this.selectTarget = database.prepare(`
      SELECT seq, (SELECT lane FROM gate WHERE gate.lane_no = ingestion.lane_no) AS lane, rank, total - taken AS unsent,
             completed + failed + cancelled = total AS is_ended, cancelled_at
      FROM ingestion WHERE ingestion_id = ?
    `);
    this.selectRetries = database.prepare(`
      SELECT lane_no, rank, due_time, position, batch_no FROM retry WHERE seq = ? LIMIT ?
    `);
    const oneRetry = 'lane_no = ? AND rank = ? AND due_time = ? AND seq = ? AND position = ?';
    this.removeRetry = database.prepare(`DELETE FROM retry WHERE ${oneRetry}`);
    this.countBatch = database.prepare(
      'UPDATE batch SET cancelled = cancelled + 1 WHERE seq = ? AND batch_no = ?',
    );
    this.drop = database.prepare(`
      UPDATE ingestion SET
        cancelled = cancelled + :ids, cancelled_at = coalesce(cancelled_at, :wallMs), updated_at = :wallMs,
        cancel_reason = iif(cancelled_at IS NULL, :reason, cancel_reason),
        finished_at = iif(completed + failed + cancelled + :ids = total, coalesce(finished_at, :wallMs), NULL)
      WHERE seq = :seq
    `);
    this.selectOtherRank = database.prepare(`
      SELECT lane_no, rank, due_time, position, batch_no FROM retry WHERE seq = ? AND rank <> ? LIMIT ?
    `);
    this.moveRetry = database.prepare(`UPDATE retry SET rank = ? WHERE ${oneRetry}`);
    this.unschedule = database.prepare('DELETE FROM schedule WHERE seq = ?');
    this.setScheduledRank = database.prepare('UPDATE schedule SET rank = ? WHERE seq = ?');
    this.setRank = database.prepare('UPDATE ingestion SET rank = ?, updated_at = ? WHERE seq = ?');
  }

  cancelStep(ingestionId: string, limit: number, audit?: AuditEntry): StepResult {
    return this.database.write(() => {
      return this.cancel(this.find(ingestionId), limit, { audit, reason: null });
    });
  }

  /**
   * Cancels a list that has expired, as part of a transaction. Returns false if it has more than `limit` retries, so that
   * another step is needed.
   */
  expire(ingestionId: Uint8Array, limit: number): boolean {
    const target = this.selectTarget.get(ingestionId);
    return this.cancel(target, limit, { audit: undefined, reason: 'expired' }) !== 'more';
  }

  reprioritizeStep(ingestionId: string, priority: Priority, limit: number, audit?: AuditEntry): StepResult {
    const plainRank = toRank(priority);
    return this.database.write(() => {
      const target = this.find(ingestionId);
      if (target === undefined || target.is_ended === 1 || target.cancelled_at !== null) {
        return target === undefined ? 'unknown' : 'over';
      }
      const isScheduled = target.rank >= SCHEDULED_RANK_OFFSET;
      const rank = plainRank + (isScheduled ? SCHEDULED_RANK_OFFSET : 0);
      const retries = this.selectOtherRank.all(target.seq, rank, limit);
      for (const retry of retries) {
        this.moveRetry.run(rank, ...toKey(target.seq, retry));
      }
      if (target.rank !== rank) {
        this.setRank.run(rank, this.clock.wallMs(), target.seq);
        if (isScheduled) {
          this.setScheduledRank.run(rank, target.seq);
        }
      }
      const ids = retries.length + (target.rank === rank ? 0 : target.unsent);
      if (target.rank !== rank || ids > 0) {
        const { lane, rank: from } = target;
        this.auditLog?.record(audit, { lane, affected: ids, from: toPriority(from), to: priority });
      }
      return retries.length === limit ? 'more' : 'done';
    });
  }

  private cancel(
    target: Target | undefined,
    limit: number,
    { audit, reason }: { readonly audit: AuditEntry | undefined; readonly reason: CancelReason | null },
  ): StepResult {
    if (target === undefined || (target.is_ended === 1 && target.cancelled_at === null)) {
      return target === undefined ? 'unknown' : 'over';
    }
    const { seq, unsent, cancelled_at: cancelledAt } = target;
    const retries = this.selectRetries.all(seq, limit);
    for (const retry of retries) {
      this.removeRetry.run(...toKey(seq, retry));
      this.countBatch.run(seq, retry.batch_no);
    }
    const ids = retries.length + (cancelledAt === null ? unsent : 0);
    if (cancelledAt === null || ids > 0) {
      this.drop.run({ seq, ids, wallMs: this.clock.wallMs(), reason });
      this.auditLog?.record(audit, { lane: target.lane, affected: ids });
    }
    if (target.rank >= SCHEDULED_RANK_OFFSET) {
      this.unschedule.run(seq);
    }
    return retries.length === limit ? 'more' : 'done';
  }

  private find(ingestionId: string): Target | undefined {
    return this.selectTarget.get(toUuidColumn(ingestionId));
  }
}

function toKey(seq: number, { lane_no: laneNo, rank, due_time: dueTime, position }: RetryRow): number[] {
  return [laneNo, rank, dueTime, seq, position];
}
