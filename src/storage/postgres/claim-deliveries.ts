import { statement, type Statement } from './statement.js';

/** What a URL of one host begins with. An index holds it: it has to be written as there. */
const HOST = "substr(url, 1, 8 + strpos(substr(url, 9), '/'))";

/**
 * Claims deliveries: $1 how many, $2 for how many ms, $3 hosts that are passed over, each as what its URLs begin with.
 * Passing over hosts costs a look at each that waits, whatever is due to it. Whoever comes second passes over what is
 * being claimed, and sees the lease of what was.
 */
export function claimDeliveries(
  schema: string,
  where: 'to any host' | 'to other hosts',
  columns: string,
): Statement {
  const outbox = `${schema}.webhook_delivery`;
  const isDue = `
    state = 'pending' AND due_time <= (SELECT now FROM clock) AND NOT EXISTS (
      SELECT FROM ${outbox} AS before
      WHERE before.ingestion_id = delivery.ingestion_id AND before.delivery_no < delivery.delivery_no
        AND before.state = 'pending'
    )`;
  // PostgreSQL does not hop from one value of an index to the next by itself.
  const dueElsewhere = `
    waiting (host) AS (
      SELECT (SELECT ${HOST} FROM ${outbox} WHERE state = 'pending' ORDER BY ${HOST} LIMIT 1)
      UNION ALL
      SELECT (SELECT ${HOST} FROM ${outbox} WHERE state = 'pending' AND ${HOST} > host ORDER BY ${HOST} LIMIT 1)
      FROM waiting WHERE host IS NOT NULL
    ),
    elsewhere AS MATERIALIZED (
      SELECT next.delivery_no FROM waiting CROSS JOIN LATERAL (
        SELECT delivery_no, due_time FROM ${outbox} AS delivery
        WHERE ${HOST} = host AND ${isDue} ORDER BY due_time LIMIT $1::int
      ) AS next
      WHERE host IS NOT NULL AND host <> ALL ($3::text[]) ORDER BY next.due_time LIMIT $1::int
    ),`;
  const isElsewhere = 'delivery_no = ANY (ARRAY(SELECT delivery_no FROM elsewhere)) AND';
  return statement(`
    WITH RECURSIVE clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    ${where === 'to other hosts' ? dueElsewhere : ''}
    due AS MATERIALIZED (
      SELECT delivery_no FROM ${outbox} AS delivery
      WHERE ${where === 'to other hosts' ? isElsewhere : ''} ${isDue}
      ORDER BY due_time LIMIT $1::int FOR UPDATE SKIP LOCKED
    )
    UPDATE ${outbox}
    SET attempts = attempts + 1, claim_no = claim_no + 1, queued_time = coalesce(queued_time, now),
        due_time = now + $2::float8
    FROM clock WHERE delivery_no = ANY (ARRAY(SELECT delivery_no FROM due))
    RETURNING ${columns}
  `);
}
