import { PRIORITY_RANKS, SCHEDULED_RANK_OFFSET } from '../../../domain/priority.js';
import { statement, type Statement } from '../database/statement.js';
import { addToCounters, GATE_STRIPE } from './pending-counters.js';

/** SQL for the ms until the next scheduled list of a lane is due; NULL if none is scheduled. */
export function scheduledInMs(schema: string, laneNo: string): string {
  return `(
    SELECT due_time FROM ${schema}.schedule WHERE lane_no = ${laneNo} ORDER BY due_time LIMIT 1
  ) - clock.now`;
}

/**
 * Locks the gate of a lane without a change, so that no cancellation, change of priority or other admission runs meanwhile,
 * and claims that have read the lane stay valid. It is a statement of its own, so that the next one sees their results.
 */
export function lockGate(schema: string, laneNo: number): Statement {
  return statement(`SELECT lane_no FROM ${schema}.gate WHERE lane_no = ${String(laneNo)} FOR NO KEY UPDATE`);
}

/**
 * Admits at most `limit` lists that are due, the highest priority first. Each gets a new seq, so that it stands as if it
 * were accepted now. Its chunks stay where they are. The limit is part of the text: see `selectHeads`.
 */
export function admitDue(schema: string, laneNo: number, limit: number): Statement<{ admitted: number }> {
  const lane = String(laneNo);
  const most = `LIMIT ${String(Math.trunc(limit))}`;
  const offset = String(SCHEDULED_RANK_OFFSET);
  const ofRanks = PRIORITY_RANKS.map(
    (rank) => `(
        SELECT ctid AS place, rank, due_time, seq FROM ${schema}.schedule
        WHERE lane_no = ${lane} AND rank = ${String(rank + SCHEDULED_RANK_OFFSET)} AND due_time <= (SELECT now FROM clock)
        ORDER BY due_time, seq ${most}
      )`,
  );
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    due AS MATERIALIZED (
      SELECT * FROM (${ofRanks.join(' UNION ALL ')}) AS each ORDER BY rank, due_time, seq ${most}
    ),
    fresh AS MATERIALIZED (
      SELECT nextval('${schema.replaceAll("'", "''")}.ingestion_seq') AS seq, ordered.* FROM (
        SELECT due.seq AS old_seq, ${lane} AS lane_no, due.rank AS old_rank, (due.rank - ${offset})::smallint AS rank,
               client, total
        FROM due CROSS JOIN LATERAL (
          SELECT client, total FROM ${schema}.ingestion WHERE ingestion.seq = due.seq LIMIT 1
        ) AS its
        ORDER BY due.rank, due_time, due.seq
      ) AS ordered
    ),
    unscheduled AS (
      DELETE FROM ${schema}.schedule WHERE ctid = ANY (ARRAY(SELECT place FROM due))
    ),
    moved AS (
      UPDATE ${schema}.ingestion AS its
      SET seq = fresh.seq, rank = fresh.rank, accepted_time = now, updated_at = round(now),
          chunks_of = coalesce(its.chunks_of, old_seq), accepted_seq = coalesce(its.accepted_seq, old_seq)
      FROM fresh, clock WHERE its.seq = ANY (ARRAY(SELECT old_seq FROM fresh)) AND its.seq = old_seq
    ),
    queued AS (
      INSERT INTO ${schema}.waiting (lane_no, rank, seq, client) SELECT lane_no, rank, seq, client FROM fresh
    ),
    came AS MATERIALIZED (
      SELECT lane_no, rank, seq, total AS ids FROM fresh
      UNION ALL
      SELECT lane_no, old_rank, old_seq, -total FROM fresh
    ),
    counted AS (${addToCounters(schema, 'came', GATE_STRIPE)}),
    callbacks AS (
      UPDATE ${schema}.callback SET seq = fresh.seq
      FROM fresh WHERE callback.seq = ANY (ARRAY(SELECT old_seq FROM fresh)) AND callback.seq = old_seq
    ),
    labels AS (
      UPDATE ${schema}.label SET seq = fresh.seq, accepted_seq = coalesce(label.accepted_seq, old_seq)
      FROM fresh WHERE label.seq = ANY (ARRAY(SELECT old_seq FROM fresh)) AND label.seq = old_seq
    )
    SELECT count(*)::int AS admitted FROM due
  `);
}
