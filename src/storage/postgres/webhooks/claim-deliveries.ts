import type { ClaimedDeliveryRow } from '../../shared/rows/delivery-row.js';
import { statement, type Statement } from '../database/statement.js';

/**
 * SQL for the next `claim_no`. It is random: a promoted standby that misses the last claims, or a restored backup,
 * would assign a sequential number again.
 */
export const NEXT_CLAIM = `floor(random() * ${String(2 ** 31)})::int`;

/** SQL for the start of a URL up to its host. An index uses this expression, so both must be identical. */
const HOST = "substr(url, 1, 8 + strpos(substr(url, 9), '/'))";

/**
 * Claims deliveries. $1 maximum count, $2 lease in ms. Deliveries to busy receivers are skipped: $3 names the clients
 * to skip; for clients with a busy host, $4 and $5 list the hosts to read, each as a client and the start of the URLs.
 * This costs one index seek per client with pending deliveries and one per such host, whatever the backlog. A
 * concurrent statement skips rows that are being claimed and sees the lease of claimed ones.
 */
export function claimDeliveries(
  schema: string,
  where: 'to any receiver' | 'not to busy receivers',
  columns: string,
): Statement<ClaimedDeliveryRow> {
  const outbox = `${schema}.webhook_delivery`;
  const isDue = `
    state = 'pending' AND due_time <= (SELECT now FROM clock) AND NOT EXISTS (
      SELECT FROM ${outbox} AS before
      WHERE before.ingestion_id = delivery.ingestion_id AND before.delivery_no < delivery.delivery_no
        AND before.state = 'pending'
    )`;
  const pending = `${outbox} AS delivery WHERE state = 'pending'`;
  // The recursion makes PostgreSQL skip from one distinct value of the index to the next; it does not do so by itself.
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

/** Selects hosts of client $1 with pending deliveries, after host $2, at most $3 of them, in order. */
export function pendingHosts(schema: string): Statement<{ host: string }> {
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
