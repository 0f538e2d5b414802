import { validate } from 'uuid';
import type { AuditEntry } from '../../../domain/audit.js';
import type { StepResult } from '../../../ingestion/ingestion.repository.js';
import { PRIORITIES, SCHEDULED_RANK_OFFSET, toRank, type Priority } from '../../../domain/priority.js';
import { insertAudit, toAuditValue } from '../audit/audit-log.js';
import type { PostgresDatabase } from '../database/database.js';
import { addToClientCounters } from '../queue/client-pending-counter.js';
import { statement, type Statement } from '../database/statement.js';
import { NEXT_EPOCH } from '../queue/claim-epoch.js';
import { addToCounters, GATE_STRIPE } from '../queue/pending-counters.js';

/** The result of a step; no row if the ingestion is unknown. */
interface StepRow {
  readonly is_over: boolean;
  readonly is_more: boolean;
}

/** Cancels and reprioritizes ingestions. */
export class IngestionChanges {
  private readonly lockIngestion: Statement;
  private readonly cancel: Statement<StepRow>;
  private readonly reprioritize: Statement<StepRow>;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    this.lockIngestion = lockIngestion(schema);
    this.cancel = cancelLocked(schema);
    this.reprioritize = reprioritizeLocked(schema);
  }

  cancelStep(ingestionId: string, limit: number, audit?: AuditEntry): Promise<StepResult> {
    return this.runStep(this.cancel, ingestionId, [limit, toAuditValue(audit)]);
  }

  reprioritizeStep(
    ingestionId: string,
    priority: Priority,
    limit: number,
    audit?: AuditEntry,
  ): Promise<StepResult> {
    const entry = audit && { ...audit, to: priority };
    return this.runStep(this.reprioritize, ingestionId, [toRank(priority), limit, toAuditValue(entry)]);
  }

  private async runStep(
    step: Statement<StepRow>,
    ingestionId: string,
    values: readonly unknown[],
  ): Promise<StepResult> {
    if (!validate(ingestionId)) {
      return 'unknown';
    }
    const [, [row] = []] = await this.database.writeAll([
      { statement: this.lockIngestion, values: [ingestionId] },
      { statement: step, values: [ingestionId, ...values] },
    ]);
    if (row === undefined) {
      return 'unknown';
    }
    return row['is_over'] === true ? 'over' : row['is_more'] === true ? 'more' : 'done';
  }
}

/**
 * Locks the ingestion and changes the lane's claim epoch, as the first step of every change that takes ids out of a
 * queue. A concurrent claim has read another epoch and therefore fails, and the next statement of the transaction sees
 * the results of all earlier claims and outcomes. $1 ingestion id.
 */
function lockIngestion(schema: string): Statement {
  return statement(`
    WITH known AS MATERIALIZED (SELECT seq, lane_no FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid),
    held AS MATERIALIZED (
      UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH} WHERE lane_no = ANY (ARRAY(SELECT lane_no FROM known)) RETURNING lane_no
    )
    SELECT seq FROM ${schema}.ingestion
    WHERE seq = ANY (ARRAY(SELECT seq FROM known JOIN held USING (lane_no))) FOR NO KEY UPDATE
  `);
}

/**
 * Drops the pending ids of a locked ingestion, at most $2 of them retries. $1 ingestion id, $3 entry of the audit log. Returns no
 * row if it is unknown.
 */
function cancelLocked(schema: string): Statement<StepRow> {
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    target AS MATERIALIZED (
      SELECT *, completed + failed + cancelled = total AND cancelled_at IS NULL AS is_over
      FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid
    ),
    fresh AS MATERIALIZED (
      SELECT lane_no, rank, seq, client, taken - total AS ids FROM target WHERE NOT is_over AND cancelled_at IS NULL
    ),
    sums AS (${addToCounters(schema, 'fresh', GATE_STRIPE)}),
    of_client AS (${addToClientCounters(schema, 'fresh', '(SELECT lane_no FROM fresh)')}),
    unqueued AS (
      DELETE FROM ${schema}.waiting
      WHERE lane_no = ANY (ARRAY(SELECT lane_no FROM fresh)) AND rank = ANY (ARRAY(SELECT rank FROM fresh))
        AND seq = ANY (ARRAY(SELECT seq FROM fresh))
    ),
    unscheduled AS (
      DELETE FROM ${schema}.schedule
      WHERE seq = ANY (ARRAY(SELECT seq FROM fresh WHERE rank >= ${String(SCHEDULED_RANK_OFFSET)}))
    ),
    dropped AS (
      DELETE FROM ${schema}.retry WHERE ctid = ANY (ARRAY(
        SELECT retry.ctid FROM ${schema}.retry
        WHERE seq = ANY (ARRAY(SELECT seq FROM target WHERE NOT is_over)) LIMIT $2::bigint
      ))
      RETURNING seq, batch_no
    ),
    batches AS (
      UPDATE ${schema}.batch SET cancelled = batch.cancelled + ids
      FROM (SELECT seq, batch_no, count(*) AS ids FROM dropped GROUP BY seq, batch_no) AS of_batch
      WHERE batch.seq = ANY (ARRAY(SELECT seq FROM target))
        AND batch.batch_no = ANY (ARRAY(SELECT batch_no FROM dropped)) AND batch.batch_no = of_batch.batch_no
    ),
    counted AS MATERIALIZED (
      SELECT (SELECT count(*) FROM dropped) - coalesce((SELECT ids FROM fresh), 0) AS ids
    ),
    ingestions AS (
      UPDATE ${schema}.ingestion AS its
      SET cancelled = its.cancelled + counted.ids, cancelled_at = coalesce(its.cancelled_at, round(now)),
          updated_at = round(now),
          finished_at = CASE
            WHEN its.completed + its.failed + its.cancelled + counted.ids = its.total
            THEN coalesce(its.finished_at, round(now))
          END
      FROM clock, counted, target
      WHERE its.seq = ANY (ARRAY(SELECT seq FROM target WHERE NOT is_over))
        AND (target.cancelled_at IS NULL OR counted.ids > 0)
    ),
    audited AS (${insertAudit(schema, '$3', {
      lane: laneOf(schema),
      affected: 'act.ids',
      source: `SELECT lane_no, ids FROM target, counted WHERE NOT is_over AND (cancelled_at IS NULL OR ids > 0)`,
    })}
    )
    SELECT is_over, (SELECT count(*) FROM dropped) = $2::bigint AS is_more FROM target
  `);
}

/**
 * Moves the pending ids of a locked ingestion to rank $2, at most $3 of them retries. $1 ingestion id, $4 entry of the
 * audit log.
 */
function reprioritizeLocked(schema: string): Statement<StepRow> {
  const offset = String(SCHEDULED_RANK_OFFSET);
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    target AS MATERIALIZED (
      SELECT *, completed + failed + cancelled = total OR cancelled_at IS NOT NULL AS is_over,
             (CASE WHEN rank >= ${offset} THEN $2::smallint + ${offset} ELSE $2::smallint END)::smallint AS new_rank
      FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid
    ),
    moving AS MATERIALIZED (SELECT * FROM target WHERE NOT is_over AND rank <> new_rank),
    fresh AS MATERIALIZED (
      SELECT lane_no, rank, seq, taken - total AS ids FROM moving
      UNION ALL
      SELECT lane_no, new_rank, seq, total - taken FROM moving
    ),
    scheduled AS (
      UPDATE ${schema}.schedule SET rank = new_rank
      FROM moving WHERE schedule.seq = ANY (ARRAY(SELECT seq FROM moving WHERE rank >= ${offset})) AND schedule.seq = moving.seq
    ),
    sums AS (${addToCounters(schema, 'fresh', GATE_STRIPE)}),
    queued AS (
      UPDATE ${schema}.waiting SET rank = $2::smallint
      WHERE lane_no = ANY (ARRAY(SELECT lane_no FROM moving)) AND rank = ANY (ARRAY(SELECT rank FROM moving))
        AND seq = ANY (ARRAY(SELECT seq FROM moving))
    ),
    retries AS (
      UPDATE ${schema}.retry SET rank = $2::smallint WHERE ctid = ANY (ARRAY(
        SELECT retry.ctid FROM ${schema}.retry
        WHERE seq = ANY (ARRAY(SELECT seq FROM target WHERE NOT is_over)) AND rank <> $2::smallint LIMIT $3::bigint
      ))
      RETURNING seq
    ),
    ingestions AS (
      UPDATE ${schema}.ingestion AS its SET rank = new_rank, updated_at = round(now)
      FROM clock, moving WHERE its.seq = ANY (ARRAY(SELECT seq FROM moving)) AND its.seq = moving.seq
    ),
    audited AS (${insertAudit(schema, '$4', {
      lane: laneOf(schema),
      affected: 'act.ids',
      from: `to_json((ARRAY[${PRIORITIES.map((priority) => `'${priority}'`).join(', ')}])[act.rank % ${offset} + 1])`,
      source: `
        SELECT lane_no, rank, coalesce((SELECT total - taken FROM moving), 0) + (SELECT count(*) FROM retries) AS ids
        FROM target WHERE seq IN (SELECT seq FROM moving UNION ALL SELECT seq FROM retries)`,
    })}
    )
    SELECT is_over, (SELECT count(*) FROM retries) = $3::bigint AS is_more FROM target
  `);
}

/** SQL for the name of the lane of an act. */
function laneOf(schema: string): string {
  return `SELECT lane FROM ${schema}.gate WHERE gate.lane_no = act.lane_no`;
}
