import { SCHEDULED_RANK_OFFSET } from '../../../domain/priority.js';
import { statement, type Statement } from '../database/statement.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import { addToClientCounters } from './client-pending-counter.js';
import { addToCounters, GATE_STRIPE } from './pending-counters.js';

/** Maximum number of retries that one step drops. */
const RETRIES_PER_STEP = 1000;
/** The locked lists include those that expire in this time, because the next statement runs a little later. */
const LOCK_AHEAD_MS = 1000;

/** SQL for the ms until the next list of a lane expires; NULL if none does. */
export function expiresInMs(schema: string, laneNo: string): string {
  return `(
    SELECT expires_time FROM ${schema}.expiry WHERE lane_no = ${laneNo} ORDER BY expires_time LIMIT 1
  ) - clock.now`;
}

/** Changes the claim epoch of a lane, because ids leave its queue: see `lockIngestion`. */
export function changeEpoch(schema: string, laneNo: number): Statement {
  return statement(`UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH} WHERE lane_no = ${String(laneNo)}`);
}

/** Locks the lists that the next step cancels. */
export function lockExpired(schema: string, laneNo: number, limit: number): Statement {
  return statement(`
    SELECT seq FROM ${schema}.ingestion WHERE ingestion_id = ANY (ARRAY(
      SELECT ingestion_id FROM ${schema}.expiry
      WHERE lane_no = ${String(laneNo)}
        AND expires_time <= (SELECT ${schema}.store_now()) + ${String(LOCK_AHEAD_MS)}
      ORDER BY expires_time, ingestion_id LIMIT ${String(Math.trunc(limit))}
    )) ORDER BY seq FOR NO KEY UPDATE
  `);
}

/**
 * Cancels what was not sent of at most `limit` lists whose time has come, with their retries. If there are more retries
 * than one step drops, the lists stay for the next step.
 */
export function expireLists(schema: string, laneNo: number, limit: number): Statement<{ is_more: boolean }> {
  const lane = String(laneNo);
  const most = String(Math.trunc(limit));
  const retries = String(RETRIES_PER_STEP);
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    expired AS MATERIALIZED (
      SELECT ctid AS place, ingestion_id, expires_time FROM ${schema}.expiry
      WHERE lane_no = ${lane} AND expires_time <= (SELECT now FROM clock)
      ORDER BY expires_time, ingestion_id LIMIT ${String(Math.trunc(limit) + 1)}
    ),
    due AS MATERIALIZED (SELECT * FROM expired ORDER BY expires_time, ingestion_id LIMIT ${most}),
    target AS MATERIALIZED (
      SELECT its.* FROM due CROSS JOIN LATERAL (
        SELECT * FROM ${schema}.ingestion WHERE ingestion.ingestion_id = due.ingestion_id LIMIT 1
      ) AS its
      WHERE completed + failed + cancelled < total
    ),
    fresh AS MATERIALIZED (
      SELECT lane_no, rank, seq, client, taken - total AS ids FROM target WHERE cancelled_at IS NULL
    ),
    sums AS (${addToCounters(schema, 'fresh', GATE_STRIPE)}),
    of_client AS (${addToClientCounters(schema, 'fresh', lane)}),
    unqueued AS (
      DELETE FROM ${schema}.waiting
      WHERE lane_no = ${lane} AND rank = ANY (ARRAY(SELECT rank FROM fresh)) AND seq = ANY (ARRAY(SELECT seq FROM fresh))
    ),
    unscheduled AS (
      DELETE FROM ${schema}.schedule
      WHERE seq = ANY (ARRAY(SELECT seq FROM fresh WHERE rank >= ${String(SCHEDULED_RANK_OFFSET)}))
    ),
    dropped AS (
      DELETE FROM ${schema}.retry WHERE ctid = ANY (ARRAY(
        SELECT retry.ctid FROM ${schema}.retry WHERE seq = ANY (ARRAY(SELECT seq FROM target)) LIMIT ${retries}
      ))
      RETURNING seq, batch_no
    ),
    batches AS (
      UPDATE ${schema}.batch SET cancelled = batch.cancelled + ids
      FROM (SELECT seq, batch_no, count(*) AS ids FROM dropped GROUP BY seq, batch_no) AS of_batch
      WHERE batch.seq = ANY (ARRAY(SELECT seq FROM dropped))
        AND batch.seq = of_batch.seq AND batch.batch_no = of_batch.batch_no
    ),
    counted AS MATERIALIZED (
      SELECT target.seq, cancelled_at IS NULL AS is_first, coalesce(-fresh.ids, 0) + (
        SELECT count(*) FROM dropped WHERE dropped.seq = target.seq
      ) AS ids
      FROM target LEFT JOIN fresh USING (seq)
    ),
    ingestions AS (
      UPDATE ${schema}.ingestion AS its
      SET cancelled = its.cancelled + counted.ids, cancelled_at = coalesce(its.cancelled_at, round(now)),
          cancel_reason = CASE WHEN is_first THEN 'expired' ELSE its.cancel_reason END, updated_at = round(now),
          finished_at = CASE
            WHEN its.completed + its.failed + its.cancelled + counted.ids = its.total
            THEN coalesce(its.finished_at, round(now))
          END
      FROM clock, counted
      WHERE its.seq = ANY (ARRAY(SELECT seq FROM counted)) AND its.seq = counted.seq AND (is_first OR counted.ids > 0)
    ),
    ended AS (
      DELETE FROM ${schema}.expiry WHERE ctid = ANY (ARRAY(
        SELECT place FROM due WHERE (SELECT count(*) FROM dropped) < ${retries}
      ))
    )
    SELECT count(*) > ${most} OR (SELECT count(*) FROM dropped) = ${retries} AS is_more FROM expired
  `);
}
