import { countIds } from '../../ingestion/id-list.js';
import type { NewIngestion } from '../../ingestion/ingestion.js';
import { rankOf } from '../../ingestion/priority.js';
import { chunkKey, IDS_PER_CHUNK } from './chunks.js';
import { statement, type Step } from './statement.js';
import { addToSums, OWN_STRIPE } from './waiting-sums.js';
import { toBuffer } from './take-keys.js';

/** What became of an item of a group, in the order of the group. */
export interface KeptRow {
  readonly is_accepted: boolean;
  /** Who holds the item's key. */
  readonly holder: string | null;
  readonly content: Uint8Array | null;
}

/**
 * Keeps those of a group whose key is theirs, in one statement whatever its size. $1 all packed ids, one after the
 * other; of each item: $2 ingestion id, $3 rank, $4 ids, $5 ids before it in $1, $6 key (null for none), $7 lane, $8
 * staging number (null for none), $9 client. A list that was given up meanwhile has no total, which the table refuses.
 */
export function keepGroup(
  schema: string,
  items: readonly NewIngestion[],
  laneNos: ReadonlyMap<string, number>,
): Step {
  const perChunk = String(IDS_PER_CHUNK);
  return {
    statement: statement(`
      WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
      item AS MATERIALIZED (
        SELECT item.*, known.holder, known.content, key IS NULL OR holder = ingestion_id AS is_accepted
        FROM unnest($2::uuid[], $3::smallint[], $4::int[], $5::int[], $6::bytea[], $7::int[], $8::bigint[], $9::text[])
          WITH ORDINALITY AS item (ingestion_id, rank, ids, ids_before, key, lane_no, staging_no, client, item_no)
        LEFT JOIN LATERAL (
          SELECT ingestion_id AS holder, content FROM ${schema}.idempotency WHERE idempotency.key = item.key LIMIT 1
        ) AS known ON true
      ),
      unstaged AS (
        DELETE FROM ${schema}.staging WHERE staging_no = ANY (ARRAY(SELECT staging_no FROM item WHERE is_accepted))
        RETURNING staging_no, ids
      ),
      fresh AS MATERIALIZED (
        SELECT nextval(${literal(`${schema}.ingestion_seq`)}) AS seq, accepted.*,
               CASE WHEN staging_no IS NULL THEN ids
                    ELSE (SELECT unstaged.ids FROM unstaged WHERE unstaged.staging_no = accepted.staging_no) END AS total
        FROM (SELECT * FROM item WHERE is_accepted ORDER BY item_no) AS accepted
      ),
      kept AS (
        INSERT INTO ${schema}.ingestion
          (seq, ingestion_id, lane_no, rank, client, total, accepted_time, created_at, updated_at, chunks_of)
        SELECT seq, ingestion_id, lane_no, rank, client, total, now, round(now), round(now), -staging_no
        FROM fresh, clock
      ),
      queued AS (
        INSERT INTO ${schema}.waiting (lane_no, rank, seq) SELECT lane_no, rank, seq FROM fresh
      ),
      came AS MATERIALIZED (SELECT lane_no, rank, seq, total AS ids FROM fresh),
      counted AS (${addToSums(schema, 'came', OWN_STRIPE)}),
      chunks AS (
        INSERT INTO ${schema}.chunk (chunk_key, packed_ids)
        SELECT ${chunkKey('seq', 'number')},
               substr($1::bytea, (ids_before + number * ${perChunk}) * 8 + 1,
                      least(${perChunk}, total - number * ${perChunk}) * 8)
        FROM fresh CROSS JOIN LATERAL generate_series(0, (total - 1) / ${perChunk}) AS number
        WHERE staging_no IS NULL
      )
      SELECT is_accepted, holder, content FROM item ORDER BY item_no
    `),
    values: [
      Buffer.concat(items.map(({ packedIds }) => packedIds)),
      items.map(({ ingestionId }) => ingestionId),
      items.map(({ priority }) => rankOf(priority)),
      items.map(({ packedIds }) => countIds(packedIds)),
      offsetsOf(items),
      items.map(({ idempotency }) => (idempotency === undefined ? null : toBuffer(idempotency.key))),
      items.map(({ lane }) => laneNos.get(lane)),
      items.map(({ stagingNo = null }) => stagingNo),
      items.map(({ client }) => client),
    ],
  };
}

/** `text` as an SQL literal. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function offsetsOf(items: readonly NewIngestion[]): number[] {
  let idsBefore = 0;
  return items.map(({ packedIds }) => {
    const offset = idsBefore;
    idsBefore += countIds(packedIds);
    return offset;
  });
}
