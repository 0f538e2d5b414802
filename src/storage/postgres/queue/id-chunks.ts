import { BYTES_PER_ID } from '../../../domain/packed-ids.js';

/** 500 ids are 4,000 bytes: two such rows fill a page of 8,192. */
export const IDS_PER_CHUNK = 500;

/** Number of low bits of a chunk_key that hold the chunk number; the bits above hold seq. */
const NUMBER_BITS = 20;

const PER_CHUNK = String(IDS_PER_CHUNK);
const BYTES = String(BYTES_PER_ID);
const BITS = String(NUMBER_BITS);

/** SQL for the owner of an ingestion's chunks: its seq, or the number under which they were staged. */
const OWNER = 'coalesce(owner.chunks_of, owner.seq)';

/** SQL for the key of the chunk `number` of `seq`. */
export function chunkKey(seq: string, number: string): string {
  return `(${seq} << ${BITS} | (${number}))`;
}

/** SQL that is true if `key` belongs to a chunk of `seq`. */
export function allOfIngestion(key: string, seq: string): string {
  return `${key} >= ${chunkKey(seq, '0')} AND ${key} < ${chunkKey(`${seq} + 1`, '0')}`;
}

/** SQL that selects the chunks with the packed id `$1` of the ranges `$2` (seq), `$3` (from) and `$4` (to), in order. */
export function chunksWithId(schema: string): string {
  return `
    SELECT range.seq, range.range_no, (chunk_key & ${String(2 ** NUMBER_BITS - 1)})::int AS number, packed_ids
    FROM unnest($2::bigint[], $3::int[], $4::int[]) WITH ORDINALITY AS range (seq, first, next, range_no)
    JOIN ${schema}.ingestion AS owner ON owner.seq = range.seq
    JOIN ${schema}.chunk ON chunk_key BETWEEN ${chunkKey(OWNER, `range.first / ${PER_CHUNK}`)}
                                          AND ${chunkKey(OWNER, `(range.next - 1) / ${PER_CHUNK}`)}
    WHERE position($1::bytea IN packed_ids) > 0
    ORDER BY range_no, chunk_key
  `;
}

/** SQL for the packed ids of a row that has seq, first and size. Reads only the chunks that hold them. */
export function sliceOfChunks(schema: string, row: string): string {
  const number = `(chunk_key & ${String(2 ** NUMBER_BITS - 1)})::int`;
  const start = `greatest(${row}.first - ${number} * ${PER_CHUNK}, 0)`;
  const end = `least(${row}.first + ${row}.size - ${number} * ${PER_CHUNK}, ${PER_CHUNK})`;
  return `(
    SELECT string_agg(substr(packed_ids, ${start} * ${BYTES} + 1, (${end} - ${start}) * ${BYTES}), ''::bytea
                      ORDER BY chunk_key)
    FROM ${schema}.ingestion AS owner JOIN ${schema}.chunk
      ON chunk_key BETWEEN ${chunkKey(OWNER, `${row}.first / ${PER_CHUNK}`)}
                       AND ${chunkKey(OWNER, `(${row}.first + ${row}.size - 1) / ${PER_CHUNK}`)}
    WHERE owner.seq = ${row}.seq
  )`;
}
