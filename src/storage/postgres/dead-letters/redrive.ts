import { insertAudit } from '../audit/audit-log.js';
import { statement, type Statement } from '../database/statement.js';

/** The condition for ingestions whose ids may be sent again. */
const MAY_BE_SENT =
  'cancelled_at IS NULL AND (expires_at IS NULL OR expires_at > (SELECT round(now) FROM clock))';

/**
 * Returns dead letters to the queue. It skips those that another process is redriving, and those of ingestions that
 * were cancelled, have expired, are being removed or are in other lanes. $1 highest number, $2 maximum count, $3 entry of
 * the audit log, $4 names of lanes (null for all); `conditions` may use $5 and further ones. The column `redriven` counts the returned ones.
 */
export function redrive(schema: string, conditions: string): Statement<{ redriven: number }> {
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    chosen AS MATERIALIZED (
      SELECT dead_letter_no, seq, batch_no, position FROM ${schema}.dead_letter
      WHERE dead_letter_no <= $1::bigint ${conditions}
        AND (
          SELECT true FROM ${schema}.ingestion WHERE ingestion.seq = dead_letter.seq AND ${MAY_BE_SENT}
            AND ($4::text[] IS NULL OR ingestion.lane_no = ANY (ARRAY(
              SELECT gate.lane_no FROM ${schema}.gate WHERE lane = ANY ($4::text[])
            )))
        )
      ORDER BY died_at, dead_letter_no LIMIT $2::bigint FOR UPDATE SKIP LOCKED
    ),
    locked AS MATERIALIZED (
      SELECT seq, lane_no, rank FROM ${schema}.ingestion
      WHERE seq = ANY (ARRAY(SELECT seq FROM chosen)) AND ${MAY_BE_SENT} ORDER BY seq FOR NO KEY UPDATE
    ),
    gone AS (
      DELETE FROM ${schema}.dead_letter 
      WHERE dead_letter_no = ANY (ARRAY(SELECT dead_letter_no FROM chosen JOIN locked USING (seq)))
    ),
    retries AS (
      INSERT INTO ${schema}.retry (lane_no, rank, due_time, seq, position, batch_no, failures)
      SELECT lane_no, rank, now, seq, position, batch_no, 0 FROM clock, chosen JOIN locked USING (seq)
    ),
    batches AS (
      UPDATE ${schema}.batch
      SET failed = failed - alive, error = CASE WHEN failed > alive THEN error END
      FROM (
        SELECT seq, batch_no, count(*) AS alive FROM chosen JOIN locked USING (seq) GROUP BY seq, batch_no
      ) AS again
      WHERE batch.seq = ANY (ARRAY(SELECT seq FROM locked)) AND batch.batch_no = ANY (ARRAY(SELECT batch_no FROM chosen))
        AND batch.seq = again.seq AND batch.batch_no = again.batch_no
    ),
    ingestions AS (
      UPDATE ${schema}.ingestion SET failed = failed - alive, finished_at = NULL, updated_at = round(now)
      FROM clock, (SELECT seq, count(*) AS alive FROM chosen JOIN locked USING (seq) GROUP BY seq) AS again
      WHERE ingestion.seq = ANY (ARRAY(SELECT seq FROM locked)) AND ingestion.seq = again.seq
    ),
    audited AS (${insertAudit(schema, '$3', {
      affected: 'act.ids',
      source: 'SELECT count(*) AS ids FROM chosen JOIN locked USING (seq) HAVING count(*) > 0',
    })}
    )
    SELECT count(*) AS redriven FROM chosen JOIN locked USING (seq)
  `);
}
