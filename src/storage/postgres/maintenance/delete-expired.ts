import { allOfIngestion } from '../queue/id-chunks.js';
import { statement, type Statement } from '../database/statement.js';
import { deleteIngestions } from './delete-ingestion.js';

/** Maximum number of rows that one statement deletes: a few milliseconds of work. */
const ROWS_PER_STEP = 1000;
/** Fewer rows, because a result may be a megabyte long, stored in pieces of 2 kB that are deleted one by one. */
const RESULTS_PER_STEP = 200;
const INGESTIONS_PER_STEP = 200;
const DISPATCHES_PER_STEP = 500;

/**
 * Each statement of this file is one step and reports whether it has more to delete. Several processes may run it at
 * the same time: each skips the rows that another one has locked.
 */

/** Selects whether anything that ended $1 ms ago is left to delete. */
export function hasExpired(schema: string): Statement {
  return statement(`
    SELECT EXISTS (SELECT 1 FROM ${schema}.removal)
        OR EXISTS (SELECT 1 FROM ${schema}.staging WHERE lease_ends_time <= (SELECT ${schema}.store_now()))
        OR EXISTS (SELECT 1 FROM ${schema}.ingestion WHERE finished_at <= (SELECT ${cutoff(schema)}))
        OR EXISTS (
          SELECT 1 FROM (SELECT ended_at FROM ${schema}.dispatch ORDER BY dispatch_no LIMIT 1) AS oldest
          WHERE ended_at <= (SELECT ${cutoff(schema)})
        )
        OR EXISTS (
          SELECT 1 FROM ${schema}.webhook_delivery
          WHERE state <> 'pending' AND ended_at <= (SELECT ${cutoff(schema)})
        ) AS is_over
  `);
}

/** Deletes ingestions that finished $1 ms ago and records them, so that their dependent rows are deleted afterwards. */
export function deleteFinished(schema: string): Statement {
  return statement(`
    WITH over AS MATERIALIZED (
      SELECT seq FROM ${schema}.ingestion WHERE finished_at <= (SELECT ${cutoff(schema)})
      ORDER BY finished_at LIMIT ${String(INGESTIONS_PER_STEP)} FOR UPDATE SKIP LOCKED
    ),
    ${deleteIngestions(schema, 'seq = ANY (ARRAY(SELECT seq FROM over))')}
    SELECT count(*) = ${String(INGESTIONS_PER_STEP)} AS is_more FROM over
  `);
}

/** Deletes some of the rows of deleted ingestions, one statement per table. */
export function deleteDependentRows(schema: string): Statement[] {
  const isOfRemoval = 'row.seq = removal.seq';
  return [
    deleteRows(schema, 'chunk', allOfIngestion('row.chunk_key', 'removal.seq')),
    deleteRows(schema, 'batch', isOfRemoval),
    deleteRows(schema, 'failed_attempt', isOfRemoval),
    deleteRows(schema, 'dead_letter', isOfRemoval),
    deleteRows(schema, 'discarded_id', isOfRemoval),
    deleteRows(schema, 'result', isOfRemoval, RESULTS_PER_STEP),
    deleteRows(schema, 'callback', isOfRemoval),
    deleteRows(schema, 'label', isOfRemoval),
    deleteRows(schema, 'dispatch_part', isOfRemoval),
  ];
}

function deleteRows(schema: string, table: string, isOfRemoval: string, rows = ROWS_PER_STEP): Statement {
  return statement(`
    WITH over AS MATERIALIZED (
      SELECT place FROM ${schema}.removal CROSS JOIN LATERAL (
        SELECT ctid AS place FROM ${schema}.${table} AS row WHERE ${isOfRemoval}
        LIMIT ${String(rows)} FOR UPDATE SKIP LOCKED
      ) AS theirs
      LIMIT ${String(rows)}
    ),
    gone AS (
      DELETE FROM ${schema}.${table} WHERE ctid = ANY (ARRAY(SELECT place FROM over))
    )
    SELECT count(*) = ${String(rows)} AS is_more FROM over
  `);
}

const DEPENDENT_TABLES = [
  'batch',
  'failed_attempt',
  'dead_letter',
  'discarded_id',
  'result',
  'callback',
  'label',
  'dispatch_part',
];

/** Deletes removal records whose ingestions have no rows left. */
export function deleteEndedRemovals(schema: string): Statement {
  const nothingLeft = DEPENDENT_TABLES.map(
    (table) => `NOT EXISTS (SELECT 1 FROM ${schema}.${table} AS row WHERE row.seq = removal.seq)`,
  );
  return statement(`
    WITH ended AS MATERIALIZED (
      SELECT seq FROM ${schema}.removal
      WHERE NOT EXISTS (SELECT 1 FROM ${schema}.chunk AS row WHERE ${allOfIngestion('row.chunk_key', 'removal.seq')})
        AND ${nothingLeft.join(' AND ')}
      FOR UPDATE SKIP LOCKED
    ),
    gone AS (
      DELETE FROM ${schema}.removal WHERE seq = ANY (ARRAY(SELECT seq FROM ended))
    )
    SELECT EXISTS (SELECT 1 FROM ${schema}.removal WHERE seq NOT IN (SELECT seq FROM ended)) AS is_more
  `);
}

/** Deletes deliveries that ended $1 ms ago; pending ones stay. */
export function deleteDeliveries(schema: string): Statement {
  return statement(`
    WITH over AS MATERIALIZED (
      SELECT delivery_no FROM ${schema}.webhook_delivery
      WHERE state <> 'pending' AND ended_at <= (SELECT ${cutoff(schema)})
      ORDER BY ended_at LIMIT ${String(ROWS_PER_STEP)} FOR UPDATE SKIP LOCKED
    ),
    gone AS (
      DELETE FROM ${schema}.webhook_delivery WHERE delivery_no = ANY (ARRAY(SELECT delivery_no FROM over))
    )
    SELECT count(*) = ${String(ROWS_PER_STEP)} AS is_more FROM over
  `);
}

/** Deletes the oldest dispatches with their parts, up to the first that had not ended $1 ms ago. */
export function deleteDispatches(schema: string): Statement {
  return statement(`
    WITH oldest AS MATERIALIZED (
      SELECT dispatch_no, coalesce(ended_at <= (SELECT ${cutoff(schema)}), false) AS is_over
      FROM ${schema}.dispatch ORDER BY dispatch_no LIMIT ${String(DISPATCHES_PER_STEP)}
    ),
    over AS MATERIALIZED (
      SELECT dispatch_no FROM ${schema}.dispatch
      WHERE dispatch_no = ANY (ARRAY(
        SELECT dispatch_no FROM oldest
        WHERE is_over AND dispatch_no < ALL (SELECT dispatch_no FROM oldest WHERE NOT is_over)
      ))
      FOR UPDATE SKIP LOCKED
    ),
    parts AS (
      DELETE FROM ${schema}.dispatch_part WHERE dispatch_no = ANY (ARRAY(SELECT dispatch_no FROM over))
    ),
    gone AS (
      DELETE FROM ${schema}.dispatch WHERE dispatch_no = ANY (ARRAY(SELECT dispatch_no FROM over))
    )
    SELECT count(*) = ${String(DISPATCHES_PER_STEP)} AS is_more FROM over
  `);
}

/** SQL for the wall time $1 ms ago. */
function cutoff(schema: string): string {
  return `${schema}.store_now() - $1::float8`;
}
