import { LAPSED } from '../../../domain/outcome-transition.js';
import { statement, type Statement, type BoundStatement } from '../database/statement.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import { latestNow } from './latest-now.js';
import { KEPT_KEY } from './pending-ids.js';

/** Maximum number of dispatches reclaimed in one statement: a few milliseconds of work. */
export const RECLAIMED_PER_STEP = 100;

/**
 * Releases the ids of one dispatch in flight. $1 its number, $2 its id, $3 true if the outcome of its call is unknown, $4 the
 * latest possible server time, see {@link latestNow}. Returns a row if it was in flight.
 */
export function releaseDispatch(schema: string): Statement {
  return releaseStatement(
    schema,
    'released',
    `SELECT dispatch_no FROM ${schema}.dispatch WHERE dispatch_no = $1::bigint AND dispatch_id = $2::uuid`,
    '$3::boolean',
    '$4',
  );
}

/**
 * Does the same as {@link releaseDispatch} for a claim in doubt, which may be committed, not committed or still in
 * flight. The first step waits for a claim that is in flight and takes the epoch from one that has not started; the
 * second step then sees for certain whether the dispatch exists. It may read all dispatches in flight, because they are
 * few. The last parameter is the latest possible server time.
 */
export function releaseInDoubt(
  schema: string,
): (laneNo: number, dispatchId: string, latestMs: number | null) => BoundStatement[] {
  const takeTurn = statement(`UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH} WHERE lane_no = $1::int`);
  const release = releaseStatement(
    schema,
    'released',
    `SELECT dispatch_no FROM ${schema}.dispatch WHERE ended_at IS NULL AND dispatch_id = $1::uuid`,
    'false', // its call was not made
    '$2',
  );
  return (laneNo, dispatchId, latestMs) => [
    { statement: takeTurn, values: [laneNo] },
    { statement: release, values: [dispatchId, latestMs] },
  ];
}

/**
 * Reclaims dispatches whose lease has expired, each once: a concurrent statement skips rows that are being reclaimed.
 * $1 the latest possible server time according to this process, or null if unknown: it prevents a lease from expiring
 * because the server's clock was set.
 */
export function reclaimExpired(schema: string): Statement {
  return releaseStatement(
    schema,
    'lapsed',
    `SELECT dispatch_no FROM ${schema}.dispatch
     WHERE ended_at IS NULL AND lease_ends_time <= (SELECT ${latestNow('now', '$1')} FROM clock)
     ORDER BY lease_ends_time LIMIT ${String(RECLAIMED_PER_STEP)} FOR UPDATE SKIP LOCKED`,
    'true',
    '$1',
  );
}

/**
 * Makes every id of the dispatches due at once without counting an attempt; ids of a cancelled ingestion are dropped.
 * The ids keep the key that they have, and that of this call if `isOutcomeUnknown`, an SQL condition, is true. Returns
 * the released dispatches.
 */
function releaseStatement(
  schema: string,
  ending: 'lapsed' | 'released',
  selectDispatches: string,
  isOutcomeUnknown: 'true' | 'false' | '$3::boolean',
  latest: '$1' | '$2' | '$4',
): Statement {
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    wanted AS MATERIALIZED (${selectDispatches}),
    ended AS (
      UPDATE ${schema}.dispatch SET ended_at = round(now), ending = '${ending}'
      FROM clock
      WHERE dispatch_no = ANY (ARRAY(SELECT dispatch_no FROM wanted)) AND ended_at IS NULL
      RETURNING dispatch_no, dispatch_id
    ),
    part AS MATERIALIZED (
      SELECT part.*, dispatch_id, sum(size) OVER (PARTITION BY dispatch_no ORDER BY part_no) - size AS ids_before,
             sum(size) OVER (PARTITION BY dispatch_no) AS ids
      FROM ${schema}.dispatch_part AS part JOIN ended USING (dispatch_no)
      WHERE dispatch_no = ANY (ARRAY(SELECT dispatch_no FROM ended))
    ),
    locked AS MATERIALIZED (
      SELECT seq, lane_no, rank, cancelled_at FROM ${schema}.ingestion
      WHERE seq = ANY (ARRAY(SELECT seq FROM part)) ORDER BY seq FOR NO KEY UPDATE
    ),
    place AS MATERIALIZED (
      SELECT dispatch_no, lane_no, rank, seq, batch_no, first + i AS position, failures,
             cancelled_at IS NOT NULL AS is_dropped,
             coalesce(kept_dispatch_id, CASE WHEN ${isOutcomeUnknown} THEN dispatch_id END) AS kept_dispatch_id,
             coalesce(kept_place, CASE WHEN ${isOutcomeUnknown} THEN ids_before END) + i AS kept_place,
             coalesce(kept_size, CASE WHEN ${isOutcomeUnknown} THEN ids END) AS kept_size
      FROM part JOIN locked USING (seq) CROSS JOIN LATERAL generate_series(0, size - 1) AS i
    ),
    attempts AS (
      INSERT INTO ${schema}.failed_attempt (seq, position, dispatch_no, attempted_at, kind, message)
      SELECT seq, position, dispatch_no, round(now), '${LAPSED.kind}', '${LAPSED.message}'
      FROM place, clock
    ),
    retries AS (
      INSERT INTO ${schema}.retry (lane_no, rank, due_time, seq, position, batch_no, failures, ${KEPT_KEY})
      SELECT lane_no, rank, ${latestNow('now', latest)}, seq, position, batch_no, failures, ${KEPT_KEY} FROM place, clock WHERE NOT is_dropped
    ),
    batches AS (
      UPDATE ${schema}.batch SET cancelled = cancelled + ids
      FROM (SELECT seq, batch_no, count(*) AS ids FROM place WHERE is_dropped GROUP BY seq, batch_no) AS dropped
      WHERE batch.seq = ANY (ARRAY(SELECT seq FROM place WHERE is_dropped))
        AND batch.batch_no = ANY (ARRAY(SELECT batch_no FROM place WHERE is_dropped))
        AND batch.seq = dropped.seq AND batch.batch_no = dropped.batch_no
    ),
    ingestions AS (
      UPDATE ${schema}.ingestion
      SET cancelled = cancelled + ids, updated_at = round(now),
          finished_at = CASE WHEN completed + failed + cancelled + ids = total THEN round(now) END
      FROM clock, (SELECT seq, count(*) AS ids FROM place WHERE is_dropped GROUP BY seq) AS dropped
      WHERE ingestion.seq = ANY (ARRAY(SELECT seq FROM place WHERE is_dropped)) AND ingestion.seq = dropped.seq
    )
    SELECT dispatch_no, dispatch_id FROM ended ORDER BY dispatch_no
  `);
}
