import type { NewIngestion } from '../../../domain/ingestion.js';
import { statement, type BoundStatement } from '../database/statement.js';

/** Maximum number of expired rows deleted per acceptance. */
const PRUNED_PER_STEP = 2000;

/**
 * Claims the idempotency keys of a group that nobody holds within their window, and locks the others; the next
 * statement of the transaction sees the holders. Of two processes with the same key the second waits for the commit of
 * the first. Keys are claimed in their own order, so that two groups with the same keys cannot deadlock. $1 key, $2
 * content, $3 ingestion id, $4 window in ms; no key occurs twice.
 */
export function claimKeys(schema: string, items: readonly NewIngestion[]): BoundStatement {
  const keyed = items.flatMap(({ ingestionId, idempotency }) =>
    idempotency === undefined ? [] : [{ ingestionId, ...idempotency }],
  );
  return {
    statement: statement(`
      WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now)
      INSERT INTO ${schema}.idempotency AS known (key, content, ingestion_id, expires_time)
      SELECT key, content, ingestion_id, now + window_ms
      FROM clock, unnest($1::bytea[], $2::bytea[], $3::uuid[], $4::float8[])
        AS item (key, content, ingestion_id, window_ms)
      ORDER BY key
      ON CONFLICT (key) DO UPDATE
      SET content = excluded.content, ingestion_id = excluded.ingestion_id, expires_time = excluded.expires_time
      WHERE known.expires_time <= (SELECT now FROM clock)
    `),
    values: [
      keyed.map(({ key }) => toBuffer(key)),
      keyed.map(({ content }) => toBuffer(content)),
      keyed.map(({ ingestionId }) => ingestionId),
      keyed.map(({ windowMs }) => windowMs),
    ],
  };
}

/**
 * Deletes some of the expired keys. The time is a subquery, so that an index finds them: a volatile function would be called
 * for each key that is kept.
 */
export function pruneKeys(schema: string): BoundStatement {
  return {
    statement: statement(`
      DELETE FROM ${schema}.idempotency WHERE key IN (
        SELECT key FROM ${schema}.idempotency WHERE expires_time <= (SELECT ${schema}.store_now())
        ORDER BY expires_time LIMIT ${String(PRUNED_PER_STEP)} FOR UPDATE SKIP LOCKED
      )
    `),
    values: [],
  };
}

/** Converts bytes to a Buffer: within an array the driver accepts only Buffers for bytea. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
