import { insertAudit } from '../audit/audit-log.js';
import { statement, type Statement } from '../database/statement.js';

/**
 * Discards the dead letters with the numbers $1: their ids stay failed. It skips those that another process is changing, and
 * those of ingestions that are being deleted. $2 entry of the audit log. The column `discarded` counts them.
 */
export function discard(schema: string): Statement<{ discarded: number }> {
  return statement(`
    WITH chosen AS MATERIALIZED (
      SELECT dead_letter_no, seq, position, kind, message FROM ${schema}.dead_letter
      WHERE dead_letter_no = ANY ($1::bigint[]) ORDER BY dead_letter_no FOR UPDATE SKIP LOCKED
    ),
    locked AS MATERIALIZED (
      SELECT seq FROM ${schema}.ingestion
      WHERE seq = ANY (ARRAY(SELECT seq FROM chosen)) ORDER BY seq FOR NO KEY UPDATE
    ),
    gone AS (
      DELETE FROM ${schema}.dead_letter
      WHERE dead_letter_no = ANY (ARRAY(SELECT dead_letter_no FROM chosen JOIN locked USING (seq)))
    ),
    kept AS (
      INSERT INTO ${schema}.discarded_id (seq, position, kind, message)
      SELECT seq, position, kind, message FROM chosen JOIN locked USING (seq)
    ),
    audited AS (${insertAudit(schema, '$2', {
      affected: 'act.ids',
      source: 'SELECT count(*) AS ids FROM chosen JOIN locked USING (seq) HAVING count(*) > 0',
    })}
    )
    SELECT count(*) AS discarded FROM chosen JOIN locked USING (seq)
  `);
}
