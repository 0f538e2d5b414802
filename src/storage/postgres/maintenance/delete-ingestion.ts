import { insertAudit } from '../audit/audit-log.js';
import { statement, type Statement } from '../database/statement.js';

/** Maximum number of deliveries that one step deletes. An ingestion has more than one only if it was redriven. */
const DELIVERIES_PER_STEP = 100;

/**
 * SQL for the last parts of a WITH clause: they delete the ingestions for which `condition` is true, with their
 * idempotency keys, and record them, so that their dependent rows are deleted afterwards. `gone` holds the deleted rows.
 */
export function deleteIngestions(schema: string, condition: string): string {
  return `gone AS (
      DELETE FROM ${schema}.ingestion WHERE ${condition} RETURNING seq, chunks_of, ingestion_id
    ),
    freed AS (
      DELETE FROM ${schema}.idempotency WHERE ingestion_id = ANY (ARRAY(SELECT ingestion_id FROM gone))
    ),
    noted AS (
      INSERT INTO ${schema}.removal (seq)
      SELECT seq FROM gone UNION ALL SELECT chunks_of FROM gone WHERE chunks_of IS NOT NULL
    )`;
}

/**
 * Locks an ingestion against redrives. It is a statement of its own, so that the next one sees what a transaction that
 * held the lock before has committed. $1 ingestion id.
 */
export function lockForDeletion(schema: string): Statement {
  return statement(`SELECT seq FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid FOR UPDATE`);
}

/**
 * Deletes some deliveries of a locked ingestion that has ended, and with the last ones its row and its idempotency key.
 * The deletion is recorded, so that the dependent rows are deleted afterwards. $1 ingestion id, $2 entry of the
 * audit log. Returns no row if it is unknown.
 */
export function deleteLocked(schema: string): Statement {
  return statement(`
    WITH target AS MATERIALIZED (
      SELECT seq, ingestion_id, lane_no, total, finished_at IS NOT NULL AS is_over
      FROM ${schema}.ingestion WHERE ingestion_id = $1::uuid
    ),
    deliveries AS MATERIALIZED (
      SELECT delivery_no FROM ${schema}.webhook_delivery
      WHERE ingestion_id = ANY (ARRAY(SELECT ingestion_id FROM target WHERE is_over))
      LIMIT ${String(DELIVERIES_PER_STEP)}
    ),
    undelivered AS (
      DELETE FROM ${schema}.webhook_delivery WHERE delivery_no = ANY (ARRAY(SELECT delivery_no FROM deliveries))
    ),
    ${deleteIngestions(
      schema,
      `(SELECT count(*) FROM deliveries) < ${String(DELIVERIES_PER_STEP)}
        AND seq = ANY (ARRAY(SELECT seq FROM target WHERE is_over))`,
    )},
    audited AS (${insertAudit(schema, '$2', {
      lane: `SELECT lane FROM ${schema}.gate WHERE gate.lane_no = act.lane_no`,
      affected: 'act.total',
      source: 'SELECT lane_no, total FROM target WHERE seq IN (SELECT seq FROM gone)',
    })}
    )
    SELECT is_over, EXISTS (SELECT 1 FROM gone) AS is_gone FROM target
  `);
}
