import { EXACT_DEPARTURES } from '../../../domain/limits/thinning.js';
import type {
  CalendarQuestion,
  RulesQuestion,
  RulesReading,
  WindowQuestion,
} from '../../../scheduler/rules/departure-log.store.js';
import type { Row } from '../database/statement.js';

/**
 * SQL for a column `rules` that answers a question about a lane, for a statement with `clock`. It refers to no other row,
 * so it is computed once. All numbers are part of the text: PostgreSQL then plans one index seek for each.
 */
export function selectRules(schema: string, laneNo: number, question: RulesQuestion): string {
  const lane = `lane_no = ${String(laneNo)}`;
  const windows = question.windows.map((window) => selectWindow(schema, lane, window));
  const calendars = question.calendars.map((calendar) => selectCalendar(schema, lane, calendar));
  return `(
    SELECT json_build_object('nowUs', moment.now_us, 'wallUs', moment.now_us,
                             'calendars', json_build_array(${calendars.join(', ')}), 'callsInFlight', ${countInFlight(schema, lane, question)},
                             'windows', json_build_array(${windows.join(', ')}))
    FROM (SELECT floor(clock.now * 1000)::bigint AS now_us FROM clock) AS moment
    LEFT JOIN LATERAL (
      SELECT calls, ids, units FROM ${schema}.departure WHERE ${lane} ORDER BY departure_no DESC LIMIT 1
    ) AS last ON true
  ) AS rules`;
}

/** Returns the column `rules` of the first row; null if the statement has none. */
export function toRulesReading([row]: readonly Row[]): RulesReading | null {
  const rules = row?.['rules'];
  return typeof rules === 'object' ? (rules as RulesReading | null) : null;
}

function selectWindow(schema: string, lane: string, { counts, max, perUs, whole }: WindowQuestion): string {
  const total = `last.${counts}`;
  const begin = `moment.now_us - ${toSql(perUs)}`;
  const after = (amount: number): string => `
    CASE WHEN ${total} > ${toSql(max - amount)} THEN (
      SELECT departs_us FROM ${schema}.departure AS entry
      WHERE ${lane} AND entry.${counts} >= ${total} - ${toSql(max - amount)}
      ORDER BY entry.${counts}, departure_no LIMIT 1
    ) END`;
  return `json_build_object(
    'used', coalesce(${total}, 0) - coalesce((
      SELECT entry.${counts} FROM ${schema}.departure AS entry WHERE ${lane} AND departs_us <= ${begin}
      ORDER BY departs_us DESC, departure_no DESC LIMIT 1
    ), 0),
    'oneAfterUs', ${after(1)}, 'wholeAfterUs', ${after(whole)},
    'nextAfterUs', (
      SELECT departs_us FROM ${schema}.departure WHERE ${lane} AND departs_us > ${begin}
      ORDER BY departs_us, departure_no LIMIT 1
    ))`;
}

/** Store time is the wall time of the server. */
function selectCalendar(
  schema: string,
  lane: string,
  { counts, startsUs, marginUs }: CalendarQuestion,
): string {
  const total = `last.${counts}`;
  const margin = toSql(marginUs);
  const starts = `unnest('{${startsUs.map(toSql).join(',')}}'::bigint[]) AS start`;
  return `(
    SELECT json_build_object(
      'used', CASE WHEN period.start_us IS NOT NULL THEN coalesce(${total}, 0) - coalesce((
        SELECT entry.${counts} FROM ${schema}.departure AS entry
        WHERE ${lane} AND departs_us < period.start_us - ${margin}
        ORDER BY departs_us DESC, departure_no DESC LIMIT 1
      ), 0) END,
      'nextUs', period.next_us + ${margin})
    FROM (
      SELECT max(start) FILTER (WHERE start <= moment.now_us - ${margin}) AS start_us,
             min(start) FILTER (WHERE start > moment.now_us - ${margin}) AS next_us
      FROM ${starts}
    ) AS period)`;
}

/**
 * The order with a limit makes PostgreSQL use the index of the dispatches in flight, which holds few rows, and not that of
 * all dispatches of the lane.
 */
function countInFlight(
  schema: string,
  lane: string,
  { inFlight, isPerId, timeoutMs }: RulesQuestion,
): string {
  if (inFlight === null) {
    return '0';
  }
  const open = (where: string): string => `
    SELECT dispatch_no FROM ${schema}.dispatch WHERE ${lane} AND ${where}
    ORDER BY lease_ends_time LIMIT ${toSql(inFlight.max)}`;
  const both = `
    (${open('ended_at IS NULL')}) UNION ALL
    (${open(`ending = 'lapsed' AND lease_ends_time > (SELECT now FROM clock) - ${toSql(timeoutMs)}`)})`;
  return isPerId
    ? `(SELECT coalesce(sum(size), 0) FROM (${both}) AS open JOIN ${schema}.dispatch_part USING (dispatch_no))`
    : `(SELECT count(*) FROM (${both}) AS open)`;
}

/** The parameters of {@link appendDepartures}. */
interface DepartureParameters {
  readonly calls: string;
  readonly ids: string;
  readonly units: string;
  readonly within: string;
  readonly laneNo: string;
}

/**
 * SQL that adds the departures of a claim, for a statement with `clock` and `mine`, which returns the new epoch. `calls`,
 * `ids` and `units` are parameters that hold an amount for each dispatch, `within` holds the time to the latest departure in ms.
 * Old rows are removed as `removedDeparture` says: `n & -n` is the lowest bit of n.
 */
export function appendDepartures(
  schema: string,
  { calls, ids, units, within, laneNo }: DepartureParameters,
): string {
  const table = `${schema}.departure`;
  return `
    departed AS (
      INSERT INTO ${table} (lane_no, departure_no, epoch, departs_us, calls, ids, units)
      SELECT ${laneNo}, coalesce(last.departure_no, 0) + place, mine.turn,
             greatest(last.departs_us, ceil((clock.now + ${within}) * 1000)::bigint),
             coalesce(last.calls, 0) + sum(amount.calls) OVER (ORDER BY place),
             coalesce(last.ids, 0) + sum(amount.ids) OVER (ORDER BY place),
             coalesce(last.units, 0) + sum(amount.units) OVER (ORDER BY place)
      FROM clock CROSS JOIN mine
      CROSS JOIN unnest(${calls}, ${ids}, ${units}) WITH ORDINALITY AS amount (calls, ids, units, place)
      LEFT JOIN LATERAL (
        SELECT departure_no, departs_us, calls, ids, units FROM ${table}
        WHERE lane_no = ${laneNo} ORDER BY departure_no DESC LIMIT 1
      ) AS last ON true
      RETURNING departure_no
    ),
    thinned AS (
      DELETE FROM ${table} WHERE lane_no = ${laneNo} AND departure_no = ANY (ARRAY(
        SELECT departure_no - ${String(EXACT_DEPARTURES)} * (departure_no & -departure_no) FROM departed
      ))
    )`;
}

/**
 * SQL that adds the dispatches of a lane that may have left lately and are not in its log, if the settings of the lane have
 * the version $2 + 1. Each counts from its end, because its request may have left late; one in flight counts from the latest
 * moment at which it can still leave. Old ones count together with a later one. A dispatch has its ids in its counts too,
 * where its lists were deleted. $3: each id is a call, $4: the time in ms to look back, $5: the time in ms within which a
 * dispatch in flight leaves. Store time is the wall time of the server, and the end of a dispatch is in whole ms.
 */
export function seedDepartures(schema: string): string {
  const log = `${schema}.departure`;
  return `
    WITH gate AS MATERIALIZED (
      SELECT slot_taken_time, logged_dispatch_no, ${schema}.store_now() AS now FROM ${schema}.gate
      WHERE lane_no = $1::int AND settings_version = $2::bigint + 1
    ),
    last AS MATERIALIZED (
      SELECT departure_no, departs_us, calls, ids, units FROM ${log} WHERE lane_no = $1::int ORDER BY departure_no DESC LIMIT 1
    ),
    sent AS MATERIALIZED (
      SELECT dispatch_no, completed + retried + failed AS outcomes,
             CASE WHEN ended_at IS NULL THEN greatest(now + $5::float8, slot_taken_time) ELSE ended_at + 1 END AS leaves_time,
             least(${String(EXACT_DEPARTURES)}, row_number() OVER (ORDER BY ended_at DESC NULLS FIRST, dispatch_no DESC)) AS age
      FROM gate CROSS JOIN ${schema}.dispatch
      WHERE lane_no = $1::int AND dispatch_no > logged_dispatch_no AND (ended_at IS NULL OR ended_at > now - $4::float8)
    ),
    counted AS (
      SELECT age, leaves_time, greatest(outcomes, coalesce(sum(size), 0)) AS ids,
             greatest(outcomes, coalesce(sum(size * coalesce(units, 1)::bigint), 0)) AS units
      FROM sent LEFT JOIN ${schema}.dispatch_part USING (dispatch_no) LEFT JOIN ${schema}.ingestion USING (seq)
      GROUP BY sent.dispatch_no, age, leaves_time, outcomes
    ),
    timed AS (
      SELECT age, CASE WHEN $3::bool THEN sum(ids) ELSE count(*) END AS calls, sum(ids) AS ids, sum(units) AS units,
             ceil(1000 * max(leaves_time))::bigint AS departs_us
      FROM counted GROUP BY age
    )
    INSERT INTO ${log} (lane_no, departure_no, epoch, departs_us, calls, ids, units)
    SELECT $1::int, coalesce(last.departure_no, 0) + row_number() OVER so_far, 0,
           greatest(last.departs_us, max(timed.departs_us) OVER so_far),
           coalesce(last.calls, 0) + sum(timed.calls) OVER so_far, coalesce(last.ids, 0) + sum(timed.ids) OVER so_far,
           coalesce(last.units, 0) + sum(timed.units) OVER so_far
    FROM timed LEFT JOIN last ON true
    WINDOW so_far AS (ORDER BY timed.age DESC)`;
}

function toSql(value: number): string {
  return String(Math.trunc(value));
}
