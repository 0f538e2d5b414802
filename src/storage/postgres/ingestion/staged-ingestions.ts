import { chunkKey, IDS_PER_CHUNK } from '../queue/id-chunks.js';
import { pendingOfClient } from '../queue/client-pending-counter.js';
import { statement, type Statement } from '../database/statement.js';

const BYTES_PER_CHUNK = String(IDS_PER_CHUNK * 8);
const PER_CHUNK = String(IDS_PER_CHUNK);
const INGESTIONS_PER_STEP = 100;

/**
 * SQL for a new staging number. It is random: a promoted standby that misses the last stagings, or a restored backup,
 * would assign a sequential number again, and blocks of one ingestion would end up in another. "seq" in a chunk_key has
 * 43 bits.
 */
const NEXT_STAGING_NO = `(1 + floor(random() * ${String(2 ** 42)}))::bigint`;

/** Inserts a staging. $1 lease in ms, $2 client. */
export function insertStaging(schema: string): Statement {
  return statement(`
    INSERT INTO ${schema}.staging (staging_no, lease_ends_time, client) OVERRIDING SYSTEM VALUE
    VALUES (${NEXT_STAGING_NO}, ${schema}.store_now() + $1::float8, $2::text)
    RETURNING staging_no
  `);
}

/** Counts the pending and staged ids. $1 client. */
export function selectPendingCounts(schema: string): Statement {
  return statement(`
    SELECT ${pendingOfClient(schema, '$1::text')} AS waiting,
           (SELECT coalesce(sum(ids), 0)::bigint FROM ${schema}.staging
            WHERE $1::text IS NULL OR client = $1::text) AS staged
  `);
}

/**
 * Appends a block. $1 staging number, $2 packed ids, $3 lease in ms, $4 number of ids before it. Returns no row if the
 * staging was abandoned or holds another number of ids.
 */
export function appendStaged(schema: string): Statement {
  return statement(`
    WITH held AS (
      UPDATE ${schema}.staging
      SET ids = ids + length($2::bytea) / 8, lease_ends_time = ${schema}.store_now() + $3::float8
      WHERE staging_no = $1::bigint AND ids = $4::bigint
      RETURNING $4::bigint / ${PER_CHUNK} AS chunks_before
    ),
    chunks AS (
      INSERT INTO ${schema}.chunk (chunk_key, packed_ids)
      SELECT ${chunkKey('-$1::bigint', 'chunks_before + number')},
             substr($2::bytea, number * ${BYTES_PER_CHUNK} + 1, ${BYTES_PER_CHUNK})
      FROM held CROSS JOIN generate_series(0, (length($2::bytea) - 1) / ${BYTES_PER_CHUNK}) AS number
    )
    SELECT chunks_before FROM held
  `);
}

/** Renews the lease. $1 staging number, $2 lease in ms. */
export function renewStaging(schema: string): Statement {
  return statement(`
    UPDATE ${schema}.staging SET lease_ends_time = ${schema}.store_now() + $2::float8 WHERE staging_no = $1::bigint
  `);
}

/** Abandons a staging. $1 staging number. */
export function abandonStaged(schema: string): Statement {
  return statement(`
    WITH gone AS (
      DELETE FROM ${schema}.staging WHERE staging_no = $1::bigint RETURNING staging_no
    )
    INSERT INTO ${schema}.removal (seq) SELECT -staging_no FROM gone
  `);
}

/** Abandons stagings whose lease has expired, so that their ids are removed. */
export function abandonExpired(schema: string): Statement {
  return statement(`
    WITH lapsed AS MATERIALIZED (
      SELECT staging_no FROM ${schema}.staging WHERE lease_ends_time <= (SELECT ${schema}.store_now())
      LIMIT ${String(INGESTIONS_PER_STEP)} FOR UPDATE SKIP LOCKED
    ),
    gone AS (
      DELETE FROM ${schema}.staging WHERE staging_no = ANY (ARRAY(SELECT staging_no FROM lapsed))
      RETURNING staging_no
    ),
    noted AS (
      INSERT INTO ${schema}.removal (seq) SELECT -staging_no FROM gone
    )
    SELECT count(*) > 0 AS is_more FROM gone
  `);
}
