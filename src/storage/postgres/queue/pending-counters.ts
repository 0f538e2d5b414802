import { BITS_PER_LEVEL, bucketOf, firstBucketUnder, LEVELS } from '../../shared/pending-levels.js';
import { statement, type Statement } from '../database/statement.js';

/** Number of stripes for writers that do not hold the lane's row. */
const STRIPES = 8;
/** Rows per level that one removal of empty buckets reads. */
const TIDIED_PER_STEP = 500;

/** The stripe of the transaction that holds the lane's row, and the stripe of all others. */
export const GATE_STRIPE = '0';
export const OWN_STRIPE = `1 + pg_backend_pid() % ${String(STRIPES)}`;

/** SQL for the bucket of `seq` in the level that another SQL expression gives. */
const bucketOfLevel = (seq: string, level: string): string =>
  `(${seq}) >> (${String(BITS_PER_LEVEL)} * ${level})`;

/**
 * SQL, without a leading keyword, that adds the rows of `source` (lane_no, rank, seq, ids) to the sums of pending ids.
 */
export function addToCounters(schema: string, source: string, stripe: string): string {
  return `
    INSERT INTO ${schema}.waiting_sum AS sums (lane_no, rank, level, bucket, stripe, ids)
    SELECT lane_no, rank, level, ${bucketOfLevel('seq', 'level')} AS bucket, ${stripe}, sum(ids)
    FROM ${source} AS source CROSS JOIN generate_series(1, ${String(LEVELS)}) AS level
    GROUP BY lane_no, rank, level, bucket HAVING sum(ids) <> 0
    ORDER BY lane_no, rank, level, bucket -- in a fixed order, to prevent deadlocks
    ON CONFLICT (lane_no, rank, level, bucket, stripe) DO UPDATE SET ids = sums.ids + excluded.ids`;
}

/** SQL for the number of ids of a lane and rank that are pending and were never sent. */
export function pendingOfRank(schema: string, laneNo: string, rank: string): string {
  return `(
    SELECT coalesce(sum(ids), 0)::bigint FROM ${schema}.waiting_sum
    WHERE lane_no = ${laneNo} AND rank = ${rank} AND level = ${String(LEVELS)}
  )`;
}

/** SQL for the number of ids of a lane that are scheduled for later: see `SCHEDULED_RANK_OFFSET`. */
export function scheduledIds(schema: string, laneNo: string): string {
  return `(
    SELECT coalesce(sum(ids), 0)::bigint FROM ${schema}.waiting_sum
    WHERE lane_no = ${laneNo} AND rank IN (3, 4, 5) AND level = ${String(LEVELS)}
  )`;
}

/** SQL for how many of them precede `seq`: the whole buckets of each level, then single ingestions. */
export function pendingBefore(schema: string, laneNo: string, rank: string, seq: string): string {
  const ofLevel = (level: number): string => `(
      SELECT coalesce(sum(ids), 0) FROM ${schema}.waiting_sum
      WHERE lane_no = ${laneNo} AND rank = ${rank} AND level = ${String(level)}
        ${level === LEVELS ? '' : `AND bucket >= ${firstBucketUnder(seq, level)}`} AND bucket < ${bucketOf(seq, level)}
    )`;
  return `(
    ${Array.from({ length: LEVELS }, (_, i) => ofLevel(i + 1)).join(' + ')} + (
      SELECT coalesce(sum(total - taken), 0) FROM ${schema}.waiting JOIN ${schema}.ingestion USING (seq)
      WHERE waiting.lane_no = ${laneNo} AND waiting.rank = ${rank}
        AND waiting.seq >= ${firstBucketUnder(seq, 0)} AND waiting.seq < ${seq}
    )
  )::bigint`;
}

/**
 * Deletes empty buckets, from the low end of each level on, as far as no acceptance can reach them any more. Rows whose
 * sum is zero may be deleted whatever happens to the others; locked rows are skipped.
 */
export function tidyCounters(schema: string): Statement {
  return statement(`
    WITH low AS MATERIALIZED (
      SELECT row.* FROM ${schema}.gate
      CROSS JOIN generate_series(0, 5) AS a_rank CROSS JOIN generate_series(1, ${String(LEVELS)}) AS a_level
      CROSS JOIN LATERAL (
        SELECT lane_no, rank, level, bucket, ids FROM ${schema}.waiting_sum
        WHERE lane_no = gate.lane_no AND rank = a_rank AND level = a_level
          AND bucket < ${bucketOfLevel(`SELECT last_value FROM ${schema}.ingestion_seq`, 'a_level')}
        ORDER BY bucket LIMIT ${String(TIDIED_PER_STEP)}
      ) AS row
    ),
    empty AS MATERIALIZED (
      SELECT lane_no, rank, level, bucket FROM low GROUP BY lane_no, rank, level, bucket HAVING sum(ids) = 0
    ),
    locked AS MATERIALIZED (
      SELECT sums.ctid AS place, lane_no, rank, level, bucket, ids
      FROM ${schema}.waiting_sum AS sums JOIN empty USING (lane_no, rank, level, bucket)
      FOR UPDATE OF sums SKIP LOCKED
    )
    DELETE FROM ${schema}.waiting_sum WHERE ctid = ANY (ARRAY(
      SELECT place FROM locked JOIN (
        SELECT lane_no, rank, level, bucket FROM locked GROUP BY lane_no, rank, level, bucket HAVING sum(ids) = 0
      ) AS gone USING (lane_no, rank, level, bucket)
    ))
  `);
}
