import type { ClaimedDispatch, Outcome } from '../../../domain/dispatch.js';
import { toTransition } from '../../../domain/outcome-transition.js';
import { RESULT_SEPARATOR } from '../../../domain/result-chunk.js';
import { toChr, packResults, SEPARATOR } from './pack-results.js';
import { statement, type Row, type Statement } from '../database/statement.js';

/** Marks a result without data: no JSON text contains this character. */
const NO_DATA = '\x1f';

/** The result of {@link settleDispatch}. */
interface SettledRow {
  readonly is_ended: boolean;
  /** The earlier ending; null if the dispatch was in flight or does not exist. */
  readonly ending: string | null;
  /** Number of its ids; null if there is no such dispatch. */
  readonly ids: number | null;
}

/**
 * Records an outcome for each id of a dispatch in flight; otherwise it changes nothing: `ended_at IS NULL` and the
 * dispatch id are the fence, and taking it is the first action. $1 dispatch number; per id, in order, its transition: $2
 * `to`, $3 delay in ms, $4 and $5 error, $8 added failures; $6 the results, see {@link toResultTexts}; $7 dispatch id.
 * Only the lock of an ingestion tells whether it was cancelled, so it is here that its queued ids are dropped. Ingestions
 * are locked in the order of seq, which covers their batches too.
 */
export function settleDispatch(schema: string): Statement {
  return statement(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    carried AS (SELECT sum(size)::int AS ids FROM ${schema}.dispatch_part WHERE dispatch_no = $1::bigint),
    held AS MATERIALIZED (
      SELECT dispatch_no FROM ${schema}.dispatch
      WHERE dispatch_no = $1::bigint AND dispatch_id = $7::uuid AND ended_at IS NULL
        AND (SELECT ids FROM carried) = cardinality($2::text[])
      FOR UPDATE
    ),
    part AS MATERIALIZED (
      SELECT part.*, sum(size) OVER (ORDER BY part_no) - size AS ids_before
      FROM ${schema}.dispatch_part AS part
      WHERE dispatch_no = $1::bigint AND EXISTS (SELECT 1 FROM held)
    ),
    locked AS MATERIALIZED (
      SELECT seq, lane_no, rank, cancelled_at FROM ${schema}.ingestion
      WHERE seq = ANY (ARRAY(SELECT seq FROM part)) ORDER BY seq FOR NO KEY UPDATE
    ),
    outcome AS (
      SELECT next_state, delay_ms, error_kind, error_message, added_failures, place - 1 AS place,
             CASE data WHEN ${toChr(NO_DATA)} THEN '' ELSE data END AS data
      FROM unnest($2::text[], $3::float8[], $4::text[], $5::text[], $8::int[], string_to_array($6::text, ${SEPARATOR}, ''))
        WITH ORDINALITY AS outcome (next_state, delay_ms, error_kind, error_message, added_failures, data, place)
    ),
    place AS MATERIALIZED (
      SELECT dispatch_no, part_no, seq, batch_no, first + i AS position, failures + added_failures AS failures,
             lane_no, rank, place, delay_ms,
             CASE WHEN next_state = 'queued' AND cancelled_at IS NOT NULL THEN 'dropped' ELSE next_state END AS kind,
             error_kind, error_message, data
      FROM part JOIN locked USING (seq) CROSS JOIN LATERAL generate_series(0, size - 1) AS i
      JOIN outcome ON place = ids_before + i
    ),
    ended AS (
      UPDATE ${schema}.dispatch
      SET ended_at = round(now), ending = 'settled', completed = got.completed, retried = got.retried,
          failed = got.failed
      FROM clock, (
        SELECT count(*) FILTER (WHERE kind = 'completed') AS completed,
               count(*) FILTER (WHERE kind = 'queued') AS retried,
               count(*) FILTER (WHERE kind = 'failed') AS failed
        FROM place
      ) AS got
      WHERE dispatch_no = (SELECT dispatch_no FROM held)
    ),
    attempts AS (
      INSERT INTO ${schema}.failed_attempt (seq, position, dispatch_no, attempted_at, kind, message)
      SELECT seq, position, dispatch_no, round(now), error_kind, error_message
      FROM place, clock WHERE error_kind IS NOT NULL
    ),
    retries AS (
      INSERT INTO ${schema}.retry (lane_no, rank, due_time, seq, position, batch_no, failures)
      SELECT lane_no, rank, now + delay_ms, seq, position, batch_no, failures
      FROM place, clock WHERE kind = 'queued'
    ),
    dead AS (
      INSERT INTO ${schema}.dead_letter (seq, position, batch_no, failures, kind, message, died_at)
      SELECT seq, position, batch_no, failures, error_kind, error_message, round(now)
      FROM place, clock WHERE kind = 'failed' ORDER BY place
    ),
    results AS (
      INSERT INTO ${schema}.result (seq, first, size, bytes, data)
      ${packResults('place')}
    ),
    batches AS (
      UPDATE ${schema}.batch
      SET completed = batch.completed + got.completed, failed = batch.failed + got.failed,
          cancelled = batch.cancelled + got.dropped, error = coalesce(got.error, batch.error)
      FROM (
        SELECT seq, batch_no, count(*) FILTER (WHERE kind = 'completed') AS completed,
               count(*) FILTER (WHERE kind = 'failed') AS failed,
               count(*) FILTER (WHERE kind = 'dropped') AS dropped,
               (array_agg(error_message ORDER BY part_no DESC, place) FILTER (WHERE kind = 'failed'))[1] AS error
        FROM place GROUP BY seq, batch_no
      ) AS got
      WHERE batch.seq = ANY (ARRAY(SELECT seq FROM locked)) AND batch.batch_no = ANY (ARRAY(SELECT batch_no FROM part))
        AND batch.seq = got.seq AND batch.batch_no = got.batch_no
    ),
    ingestions AS (
      UPDATE ${schema}.ingestion
      SET completed = ingestion.completed + got.completed, failed = ingestion.failed + got.failed,
          cancelled = ingestion.cancelled + got.dropped, updated_at = round(now),
          finished_at = CASE
            WHEN ingestion.completed + ingestion.failed + ingestion.cancelled
               + got.completed + got.failed + got.dropped = total THEN round(now)
          END
      FROM clock, (
        SELECT seq, count(*) FILTER (WHERE kind = 'completed') AS completed,
               count(*) FILTER (WHERE kind = 'failed') AS failed,
               count(*) FILTER (WHERE kind = 'dropped') AS dropped
        FROM place GROUP BY seq
      ) AS got
      WHERE ingestion.seq = ANY (ARRAY(SELECT seq FROM locked)) AND ingestion.seq = got.seq
    )
    SELECT EXISTS (SELECT 1 FROM held) AS is_ended, ending, CASE WHEN dispatch_no IS NOT NULL THEN ids END AS ids
    FROM carried LEFT JOIN ${schema}.dispatch ON dispatch_no = $1::bigint AND dispatch_id = $7::uuid
  `);
}

/** Builds the values for {@link settleDispatch}. */
export function toOutcomeValues(
  { dispatchNo, dispatchId }: ClaimedDispatch,
  outcomes: readonly Outcome[],
): unknown[] {
  const transitions = outcomes.map(toTransition);
  return [
    dispatchNo,
    transitions.map(({ to }) => to),
    transitions.map(({ delayMs }) => delayMs),
    transitions.map(({ error }) => error?.kind ?? null),
    transitions.map(({ error }) => (error === null ? null : withoutNulCharacters(error.message))),
    toResultTexts(outcomes),
    dispatchId,
    transitions.map(({ addedFailures }) => addedFailures),
  ];
}

/**
 * Returns what happened to the dispatch.
 * @throws Error where the number of outcomes differs from the number of ids
 */
export function toSettlement(
  rows: readonly Row[],
  { dispatchId }: ClaimedDispatch,
  outcomes: number,
): 'settled now' | 'settled before' | 'taken over' {
  const [row] = rows as unknown as readonly SettledRow[];
  if (row?.is_ended === true) {
    return 'settled now';
  }
  if (row?.ending === null && row.ids !== null && row.ids !== outcomes) {
    throw new Error(`dispatch ${dispatchId} has ${String(row.ids)} ids, not ${String(outcomes)} outcomes`);
  }
  return row?.ending === 'settled' ? 'settled before' : 'taken over';
}

/**
 * Joins the results into one text, with an empty one for a result that is not stored: the driver would copy each
 * element of an array and search it for quotes.
 */
function toResultTexts(outcomes: readonly Outcome[]): string {
  return outcomes
    .map((outcome) => (outcome.kind === 'completed' ? outcome.dataJson : undefined))
    .map((dataJson) => (dataJson === undefined ? '' : (dataJson ?? NO_DATA)))
    .join(RESULT_SEPARATOR);
}

/** Removes NUL, the only character that PostgreSQL's text cannot hold. */
function withoutNulCharacters(message: string): string {
  return message.replaceAll('\0', '');
}
