import type { Outcome } from '../../../domain/dispatch.js';
import { toTransition, type Transition } from '../../../domain/outcome-transition.js';
import { RESULT_SEPARATOR } from '../../../domain/result-chunk.js';
import type { Settlement } from '../../../scheduler/queue/queue.repository.js';
import { toChr, packResults, SEPARATOR } from './pack-results.js';
import { latestNow } from './latest-now.js';
import { KEPT_KEY } from './pending-ids.js';
import { plannedOnce, type Row, type Statement } from '../database/statement.js';

/** Marks a result without data: no JSON text contains this character. */
const NO_DATA = '\x1f';

/** The key under which an id is sent next, see `Transition.key`. */
const NEXT_KEY = `,
             CASE next_key WHEN 'same' THEN coalesce(kept_dispatch_id, dispatch_id) WHEN 'kept' THEN kept_dispatch_id END
               AS kept_dispatch_id,
             CASE next_key WHEN 'same' THEN coalesce(kept_place + i, place - outcomes_before)
                           WHEN 'kept' THEN kept_place + i END AS kept_place,
             CASE next_key WHEN 'same' THEN coalesce(kept_size, outcomes) WHEN 'kept' THEN kept_size END AS kept_size`;

/** The result of {@link settleDispatches} for one dispatch. */
interface SettledRow {
  readonly is_ended: boolean;
  /** The earlier ending; null if the dispatch was in flight or does not exist. */
  readonly ending: string | null;
  /** Number of its ids; null if there is no such dispatch. */
  readonly ids: number | null;
}

/**
 * Records an outcome for each id of dispatches in flight; others it leaves as they are: `ended_at IS NULL` and the
 * dispatch id are the fence, and taking it is the first action. Per dispatch: $1 its number, $7 its id, $9 the number of its
 * outcomes; $11 the latest possible server time, see {@link latestNow}. Per outcome, in the order of the dispatches and their ids, its transition: $2 `to`, $3 delay in ms, $4 and $5
 * error, $10 its HTTP status, $8 added failures; $6 the results, see {@link toResultTexts}. Returns a row for each
 * dispatch, in order. With `keepsKeys`, $12 is the next key of each id, see `Transition.key`; otherwise every id gets a new one.
 * Only the lock of an ingestion tells whether it was cancelled, so it is here that its queued ids are dropped. Ingestions
 * are locked in the order of seq, which covers their batches too.
 */
function settleDispatches(schema: string, keepsKeys: boolean): Statement {
  const ifKept = (sql: string): string => (keepsKeys ? sql : '');
  return plannedOnce(`
    WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
    given AS MATERIALIZED (
      SELECT *, sum(outcomes) OVER (ORDER BY item) - outcomes AS outcomes_before
      FROM unnest($1::bigint[], $7::uuid[], $9::int[])
        WITH ORDINALITY AS given (dispatch_no, dispatch_id, outcomes, item)
    ),
    carried AS MATERIALIZED (
      SELECT dispatch_no, sum(size)::int AS ids FROM ${schema}.dispatch_part
      WHERE dispatch_no = ANY ($1::bigint[]) GROUP BY dispatch_no
    ),
    held AS MATERIALIZED (
      SELECT dispatch_no, item, outcomes_before${ifKept(', dispatch_id, outcomes')}
      FROM ${schema}.dispatch JOIN given USING (dispatch_no, dispatch_id) JOIN carried USING (dispatch_no)
      WHERE dispatch_no = ANY ($1::bigint[]) AND ended_at IS NULL AND ids = outcomes
      ORDER BY dispatch_no FOR UPDATE OF dispatch
    ),
    part AS MATERIALIZED (
      SELECT part.*, item,${ifKept(' dispatch_id, outcomes, outcomes_before,')}
             outcomes_before + sum(size) OVER (PARTITION BY dispatch_no ORDER BY part_no) - size AS ids_before
      FROM ${schema}.dispatch_part AS part JOIN held USING (dispatch_no)
      WHERE dispatch_no = ANY ($1::bigint[])
    ),
    locked AS MATERIALIZED (
      SELECT seq, lane_no, rank, client, cancelled_at FROM ${schema}.ingestion
      WHERE seq = ANY (ARRAY(SELECT seq FROM part)) ORDER BY seq FOR NO KEY UPDATE
    ),
    outcome AS MATERIALIZED (
      SELECT next_state, delay_ms, error_kind, error_message, upstream_status, added_failures, ${ifKept('next_key, ')}place - 1 AS place,
             CASE data WHEN ${toChr(NO_DATA)} THEN '' ELSE data END AS data
      FROM unnest($2::text[], $3::float8[], $4::text[], $5::text[], $10::int[], $8::int[], ${ifKept('$12::text[], ')}string_to_array($6::text, ${SEPARATOR}, ''))
        WITH ORDINALITY AS outcome (next_state, delay_ms, error_kind, error_message, upstream_status, added_failures, ${ifKept('next_key, ')}data, place)
    ),
    place AS MATERIALIZED (
      SELECT dispatch_no, item, part_no, seq, batch_no, first + i AS position, failures + added_failures AS failures,
             lane_no, rank, client, place, delay_ms,
             CASE WHEN next_state = 'queued' AND cancelled_at IS NOT NULL THEN 'dropped' ELSE next_state END AS kind,
             error_kind, error_message, upstream_status, data${ifKept(NEXT_KEY)}
      FROM part JOIN locked USING (seq) CROSS JOIN LATERAL generate_series(0, size - 1) AS i
      JOIN outcome ON place = ids_before + i
    ),
    ended AS (
      UPDATE ${schema}.dispatch
      SET ended_at = round(now), ending = 'settled', completed = got.completed, retried = got.retried,
          failed = got.failed
      FROM clock, (
        SELECT dispatch_no, count(*) FILTER (WHERE kind = 'completed') AS completed,
               count(*) FILTER (WHERE kind = 'queued') AS retried,
               count(*) FILTER (WHERE kind = 'failed') AS failed
        FROM place GROUP BY dispatch_no
      ) AS got
      WHERE dispatch.dispatch_no = ANY (ARRAY(SELECT dispatch_no FROM held))
        AND dispatch.dispatch_no = got.dispatch_no
    ),
    attempts AS (
      INSERT INTO ${schema}.failed_attempt (seq, position, dispatch_no, attempted_at, kind, message)
      SELECT seq, position, dispatch_no, round(now), error_kind, error_message
      FROM place, clock WHERE error_kind IS NOT NULL
    ),
    retries AS (
      INSERT INTO ${schema}.retry (lane_no, rank, due_time, seq, position, batch_no, failures${ifKept(`, ${KEPT_KEY}`)})
      SELECT lane_no, rank, ${latestNow('now', '$11')} + delay_ms, seq, position, batch_no, failures${ifKept(`, ${KEPT_KEY}`)}
      FROM place, clock WHERE kind = 'queued'
    ),
    dead AS (
      INSERT INTO ${schema}.dead_letter
        (seq, position, batch_no, failures, kind, message, died_at, lane_no, client, upstream_status)
      SELECT seq, position, batch_no, failures, error_kind, error_message, round(now), lane_no, client, upstream_status
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
               (array_agg(error_message ORDER BY item DESC, part_no DESC, place) FILTER (WHERE kind = 'failed'))[1]
                 AS error
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
    SELECT held.dispatch_no IS NOT NULL AS is_ended, ending, CASE WHEN dispatch.dispatch_no IS NOT NULL THEN ids END AS ids
    FROM given
    LEFT JOIN carried USING (dispatch_no)
    LEFT JOIN held USING (dispatch_no)
    LEFT JOIN ${schema}.dispatch
      ON dispatch.dispatch_no = given.dispatch_no AND dispatch.dispatch_id = given.dispatch_id
    ORDER BY given.item
  `);
}

/** The statements that settle dispatches, with their values. */
export class SettleDispatches {
  private readonly statement: Statement;
  /** Settles dispatches of which ids keep a key. */
  private readonly keepingKeys: Statement;

  constructor(schema: string) {
    this.statement = settleDispatches(schema, false);
    this.keepingKeys = settleDispatches(schema, true);
  }

  /** @param latestMs the latest possible server time according to this process; null if unknown */
  bind(
    settlements: readonly Settlement[],
    latestMs: number | null,
  ): {
    readonly statement: Statement;
    readonly values: readonly unknown[];
  } {
    const transitions = settlements.flatMap(({ outcomes }) => outcomes.map(toTransition));
    const values = [...toValues(settlements, transitions), latestMs];
    return transitions.every(({ key }) => key === 'new')
      ? { statement: this.statement, values }
      : { statement: this.keepingKeys, values: [...values, transitions.map(({ key }) => key)] };
  }
}

function toValues(settlements: readonly Settlement[], transitions: readonly Transition[]): unknown[] {
  const outcomes = settlements.flatMap((settlement) => settlement.outcomes);
  return [
    settlements.map(({ dispatch }) => dispatch.dispatchNo),
    transitions.map(({ to }) => to),
    transitions.map(({ delayMs }) => delayMs),
    transitions.map(({ error }) => error?.kind ?? null),
    transitions.map(({ error }) => (error === null ? null : withoutNulCharacters(error.message))),
    toResultTexts(outcomes),
    settlements.map(({ dispatch }) => dispatch.dispatchId),
    transitions.map(({ addedFailures }) => addedFailures),
    settlements.map((settlement) => settlement.outcomes.length),
    transitions.map(({ error }) => error?.upstreamStatus ?? null),
  ];
}

/**
 * Returns what happened to a dispatch, from its row.
 * @throws Error where the number of outcomes differs from the number of ids
 */
export function toSettlement(
  row: Row | undefined,
  { dispatch: { dispatchId }, outcomes }: Settlement,
): 'settled now' | 'settled before' | 'taken over' {
  const settled = row as unknown as SettledRow | undefined;
  if (settled?.is_ended === true) {
    return 'settled now';
  }
  if (settled?.ending === null && settled.ids !== null && settled.ids !== outcomes.length) {
    throw new Error(
      `dispatch ${dispatchId} has ${String(settled.ids)} ids, not ${String(outcomes.length)} outcomes`,
    );
  }
  return settled?.ending === 'settled' ? 'settled before' : 'taken over';
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
