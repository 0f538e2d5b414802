import { statement, type Statement } from '../database/statement.js';

/**
 * SQL for the next `claim_no`, drawn at random: a standby that took over without the last claims, or a restored backup,
 * would give a counted one out again.
 */
export const NEXT_CLAIM = `floor(random() * ${String(2 ** 31)})::int`;

/** What a URL of one host begins with. An index holds it: it has to be written as there. */
const HOST = "substr(url, 1, 8 + strpos(substr(url, 9), '/'))";

/**
 * Claims deliveries: $1 how many, $2 for how many ms. Those for busy receivers are passed over: $3 clients at which it does
 * not look; of those that have a busy host, $4 and $5 the hosts at which it does, each as a client and the beginning of
 * the URLs. That costs a look at each client that waits, and at each of those hosts, however much is due to them. Whoever
 * comes second passes over what is being claimed, and sees the lease of what was.
 */
export function claimDeliveries(
  schema: string,
  where: 'to any receiver' | 'not to busy receivers',
  columns: string,
): Statement {
  const outbox = `${schema}.webhook_delivery`;
  const isDue = `
    state = 'pending' AND due_time <= (SELECT now FROM clock) AND NOT EXISTS (
      SELECT FROM ${outbox} AS before
      WHERE before.ingestion_id = delivery.ingestion_id AND before.delivery_no < delivery.delivery_no
        AND before.state = 'pending'
    )`;
  const pending = `${outbox} AS delivery WHERE state = 'pending'`;
  // PostgreSQL does not hop from one value of an index to the next by itself.
  const dueElsewhere = `
    waiting (client) AS (
      SELECT (SELECT client FROM ${pending} ORDER BY client LIMIT 1)
      UNION ALL
      SELECT (SELECT client FROM ${pending} AND delivery.client > waiting.client ORDER BY client LIMIT 1)
      FROM waiting WHERE client IS NOT NULL
    ),
    due_elsewhere AS (
      SELECT next.* FROM waiting CROSS JOIN LATERAL (
        SELECT delivery_no, due_time FROM ${outbox} AS delivery
        WHERE delivery.client = waiting.client AND ${isDue} ORDER BY due_time LIMIT $1::int
      ) AS next
      WHERE client IS NOT NULL AND client <> ALL ($3::text[])
      UNION ALL
      SELECT next.* FROM unnest($4::text[], $5::text[]) AS open (client, host) CROSS JOIN LATERAL (
        SELECT delivery_no, due_time FROM ${outbox} AS delivery
        WHERE delivery.client = open.client AND ${HOST} = open.host AND ${isDue} ORDER BY due_time LIMIT $1::int
      ) AS next
    ),
    elsewhere AS MATERIALIZED (
      SELECT delivery_no FROM due_elsewhere ORDER BY due_time LIMIT $1::int
    ),`;
  const isElsewhere = 'delivery_no = ANY (ARRAY(SELECT delivery_no FROM elsewhere)) AND';
  return statement(`
    WITH RECURSIVE clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    ${where === 'not to busy receivers' ? dueElsewhere : ''}
    due AS MATERIALIZED (
      SELECT delivery_no FROM ${outbox} AS delivery
      WHERE ${where === 'not to busy receivers' ? isElsewhere : ''} ${isDue}
      ORDER BY due_time LIMIT $1::int FOR UPDATE SKIP LOCKED
    )
    UPDATE ${outbox}
    SET attempts = attempts + 1, claim_no = ${NEXT_CLAIM}, queued_time = coalesce(queued_time, now),
        due_time = now + $2::float8
    FROM clock WHERE delivery_no = ANY (ARRAY(SELECT delivery_no FROM due))
    RETURNING ${columns}
  `);
}

/** The hosts of client $1 to which anything is pending, behind $2, at most $3 of them, in order. */
export function pendingHosts(schema: string): Statement {
  const pending = `${schema}.webhook_delivery WHERE state = 'pending' AND client = $1::text`;
  return statement(`
    WITH RECURSIVE waiting (host, nth) AS (
      SELECT (SELECT ${HOST} FROM ${pending} AND ${HOST} > $2::text ORDER BY ${HOST} LIMIT 1), 1
      UNION ALL
      SELECT (SELECT ${HOST} FROM ${pending} AND ${HOST} > host ORDER BY ${HOST} LIMIT 1), nth + 1
      FROM waiting WHERE host IS NOT NULL AND nth < $3::int
    )
    SELECT host FROM waiting WHERE host IS NOT NULL ORDER BY nth
  `);
}
