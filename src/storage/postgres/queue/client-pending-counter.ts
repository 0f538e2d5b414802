import type { NewIngestion } from '../../../domain/ingestion.js';
import { LEVELS } from '../../shared/pending-levels.js';
import { statement, type Statement, type BoundStatement } from '../database/statement.js';

/** Number of stripes for acceptances; the other stripes belong to the lanes. */
const STRIPES = 8;
/** Maximum number of clients that one statement deletes. */
const DELETED_PER_STEP = 500;

export const ACCEPTING_STRIPE = `-1 - pg_backend_pid() % ${String(STRIPES)}`;

/**
 * SQL, without a leading keyword, that adds the rows of `source` (client, ids) to the sums of pending ids per client. `stripe`
 * may refer to a column of `source`.
 */
export function addToClientCounters(schema: string, source: string, stripe: string): string {
  return `
    INSERT INTO ${schema}.client_waiting AS sums (client, stripe, ids)
    SELECT client, ${stripe}, sum(ids) FROM ${source} AS source WHERE client IS NOT NULL
    GROUP BY 1, 2 HAVING sum(ids) <> 0
    ORDER BY 1, 2 -- in a fixed order, to prevent deadlocks
    ON CONFLICT (client, stripe) DO UPDATE SET ids = sums.ids + excluded.ids`;
}

/**
 * SQL for the number of ids of a client that are pending and were never sent; with null (authentication disabled) those
 * of all clients.
 */
export function pendingOfClient(schema: string, client: string): string {
  return `(
    SELECT coalesce(sum(ids), 0)::bigint FROM (
      SELECT ids FROM ${schema}.client_waiting WHERE client_waiting.client = ${client}
      UNION ALL
      SELECT ids FROM ${schema}.waiting_sum
      WHERE ${client} IS NULL AND lane_no = ANY (ARRAY(SELECT lane_no FROM ${schema}.gate))
        AND rank = ANY ('{0,1,2,3,4,5}') AND level = ${String(LEVELS)}
    ) AS sums
  )`;
}

/**
 * Prevents other acceptances for these clients until this transaction ends, so that its next statement sees all their
 * pending ids. $1 names.
 */
export function lockClients(schema: string, items: readonly NewIngestion[]): BoundStatement {
  return {
    statement: statement(`
      SELECT pg_advisory_xact_lock(lock) FROM (
        SELECT DISTINCT hashtextextended(name, 0) AS lock FROM unnest($1::text[]) AS name
        ORDER BY lock -- in a fixed order, to prevent deadlocks
      ) AS locks
    `),
    values: [[...new Set(items.map(({ client }) => `${schema} waiting ${client ?? ''}`))]],
  };
}

/** Deletes clients without pending ids. Rows whose sum is zero may be deleted whatever happens to the others. */
export function deleteIdleClients(schema: string): Statement {
  return statement(`
    WITH idle AS MATERIALIZED (
      SELECT client FROM ${schema}.client_waiting GROUP BY client HAVING sum(ids) = 0
      LIMIT ${String(DELETED_PER_STEP)}
    ),
    locked AS MATERIALIZED (
      SELECT sums.ctid AS place, client, ids FROM ${schema}.client_waiting AS sums JOIN idle USING (client)
      FOR UPDATE OF sums SKIP LOCKED
    )
    DELETE FROM ${schema}.client_waiting WHERE ctid = ANY (ARRAY(
      SELECT place FROM locked JOIN (
        SELECT client FROM locked GROUP BY client HAVING sum(ids) = 0
      ) AS gone USING (client)
    ))
  `);
}
