import { EXACT_DEPARTURES, removedDeparture } from '../../../domain/limits/thinning.js';
import type {
  Amount,
  CalendarQuestion,
  CalendarReading,
  DeparturePlace,
  RulesQuestion,
  RulesReading,
  WindowQuestion,
  WindowReading,
} from '../../../scheduler/rules/departure-log.store.js';
import type { DepartureSeed } from '../../../scheduler/settings/lane-settings.repository.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

const MICROSECONDS = 1000;
/** The end of a dispatch is stored in whole ms. */
const ROUNDING_MS = 1;

interface LastRow extends Amount {
  readonly departure_no: number;
  readonly departs_us: number;
}

interface TotalRow {
  readonly total: number;
}

interface TimeRow {
  readonly departs_us: number;
}

/** The statements that ask for one total. */
interface TotalStatements {
  readonly left: PreparedStatement<TotalRow>;
  readonly passed: PreparedStatement<TimeRow>;
}

/** Dispatches that are added to the log together; most groups are one dispatch. */
interface SentRow {
  /** 1 if one of them is in flight. */
  readonly is_open: number;
  readonly ended_at: number | null;
  readonly dispatches: number;
  readonly ids: number;
  readonly units: number;
  readonly slot_taken_time: number;
}

const NOTHING: LastRow = { departure_no: 0, departs_us: 0, calls: 0, ids: 0, units: 0 };

/** The rows of the log of departures. Callers hold the read or the transaction. */
export class Departures {
  private readonly totals: Readonly<Record<keyof Amount, TotalStatements>>;
  private readonly selectLast: PreparedStatement<LastRow>;
  private readonly selectNext: PreparedStatement<TimeRow>;
  private readonly countDispatches: PreparedStatement<TotalRow>;
  private readonly sumIds: PreparedStatement<TotalRow>;
  private readonly selectSent: PreparedStatement<SentRow>;
  private readonly insert: PreparedStatement;
  private readonly remove: PreparedStatement;
  private readonly lower: PreparedStatement;

  constructor(database: SqliteDatabase) {
    const ofTotal = (total: keyof Amount): TotalStatements => ({
      left: database.prepare(`
        SELECT ${total} AS total FROM departure WHERE lane_no = ? AND departs_us <= ?
        ORDER BY departs_us DESC, departure_no DESC LIMIT 1
      `),
      passed: database.prepare(`
        SELECT departs_us FROM departure WHERE lane_no = ? AND ${total} >= ?
        ORDER BY ${total}, departure_no LIMIT 1
      `),
    });
    this.totals = { calls: ofTotal('calls'), ids: ofTotal('ids'), units: ofTotal('units') };
    this.selectLast = database.prepare(`
      SELECT departure_no, departs_us, calls, ids, units FROM departure WHERE lane_no = ? ORDER BY departure_no DESC LIMIT 1
    `);
    this.selectNext = database.prepare(`
      SELECT departs_us FROM departure WHERE lane_no = ? AND departs_us > ? ORDER BY departs_us LIMIT 1
    `);
    const inFlight = 'dispatch INDEXED BY dispatch_in_flight';
    const lapsed = 'dispatch INDEXED BY dispatch_lapsed';
    const isOpen = 'lane_no = :laneNo AND ended_at IS NULL';
    const isLapsed = "lane_no = :laneNo AND ending = 'lapsed' AND lease_ends_time > :leaseEndedAfter";
    this.countDispatches = database.prepare(`
      SELECT (SELECT count(*) FROM ${inFlight} WHERE ${isOpen}) +
             (SELECT count(*) FROM ${lapsed} WHERE ${isLapsed}) AS total
    `);
    const sizes = 'SELECT coalesce(sum(size), 0) FROM';
    const parts = 'CROSS JOIN dispatch_part USING (dispatch_no)';
    this.sumIds = database.prepare(`
      SELECT (${sizes} ${inFlight} ${parts} WHERE ${isOpen}) + (${sizes} ${lapsed} ${parts} WHERE ${isLapsed}) AS total
    `);
    // A dispatch has its ids in its counts too, where its lists were deleted.
    this.selectSent = database.prepare(`
      WITH sent AS MATERIALIZED (
        SELECT dispatch_no, ended_at, completed + retried + failed AS outcomes, min(:exact, row_number() OVER (
                 ORDER BY ended_at IS NULL DESC, ended_at DESC, dispatch_no DESC
               )) AS age
        FROM dispatch
        WHERE lane_no = :laneNo AND dispatch_no > (SELECT logged_dispatch_no FROM gate WHERE lane_no = :laneNo)
          AND (ended_at IS NULL OR ended_at > :since)
      ),
      counted AS (
        SELECT age, ended_at, max(outcomes, coalesce(sum(size), 0)) AS ids,
               max(outcomes, coalesce(sum(size * coalesce(units, 1)), 0)) AS units
        FROM sent LEFT JOIN dispatch_part USING (dispatch_no) LEFT JOIN ingestion USING (seq)
        GROUP BY sent.dispatch_no
      )
      SELECT max(ended_at IS NULL) AS is_open, max(ended_at) AS ended_at, count(*) AS dispatches, sum(ids) AS ids,
             sum(units) AS units, (SELECT slot_taken_time FROM gate WHERE lane_no = :laneNo) AS slot_taken_time
      FROM counted GROUP BY age ORDER BY age DESC
    `);
    this.insert = database.prepare(`
      INSERT INTO departure (lane_no, departure_no, epoch, departs_us, calls, ids, units)
      VALUES (:laneNo, :departureNo, 0, :departsUs, :calls, :ids, :units)
    `);
    this.remove = database.prepare('DELETE FROM departure WHERE lane_no = ? AND departure_no = ?');
    this.lower = database.prepare(`
      UPDATE departure SET calls = calls - :calls, ids = ids - :ids, units = units - :units
      WHERE lane_no = :laneNo AND departure_no >= :departureNo
    `);
  }

  /** Reads at one moment: `nowMs` is store time, `wallMs` wall time. */
  read(
    laneNo: number,
    { windows, calendars, inFlight, isPerId, timeoutMs }: RulesQuestion,
    { nowMs, wallMs }: { readonly nowMs: number; readonly wallMs: number },
  ): RulesReading {
    const nowUs = Math.floor(nowMs * MICROSECONDS);
    const wallUs = Math.floor(wallMs * MICROSECONDS);
    const last = windows.length + calendars.length === 0 ? NOTHING : this.last(laneNo);
    const count = isPerId ? this.sumIds : this.countDispatches;
    return {
      nowUs,
      wallUs,
      calendars: calendars.map((calendar) => this.readCalendar(laneNo, calendar, last, { nowUs, wallUs })),
      windows: windows.map((window) => this.readWindow(laneNo, window, last, nowUs)),
      callsInFlight:
        inFlight === null ? 0 : (count.get({ laneNo, leaseEndedAfter: nowMs - timeoutMs })?.total ?? 0),
    };
  }

  /** Returns the age of the departure at each place, in microseconds. */
  agesOf(laneNo: number, places: readonly DeparturePlace[], nowMs: number): (number | null)[] {
    const last = this.last(laneNo);
    return places.map(({ counts, back }) => {
      const total = last[counts] - back;
      const row = total <= 0 ? undefined : this.totals[counts].passed.get(laneNo, total);
      return row === undefined ? null : Math.floor(nowMs * MICROSECONDS) - row.departs_us;
    });
  }

  /** Returns the mean units of the ids in the log; 1 if it has counted none. */
  unitsPerId(laneNo: number): number {
    const { ids, units } = this.last(laneNo);
    return ids === 0 ? 1 : units / ids;
  }

  /** Adds departures, none of which leaves later than `byMs`. Returns the number of the first one. */
  append(laneNo: number, amounts: readonly Amount[], byMs: number): number {
    const last = this.last(laneNo);
    let { departure_no: departureNo, calls, ids, units } = last;
    const first = departureNo + 1;
    const departsUs = Math.max(last.departs_us, Math.ceil(byMs * MICROSECONDS));
    for (const amount of amounts) {
      departureNo += 1;
      calls += amount.calls;
      ids += amount.ids;
      units += amount.units;
      this.insert.run({ laneNo, departureNo, departsUs, calls, ids, units });
      const removed = removedDeparture(departureNo);
      if (removed !== null) {
        this.remove.run(laneNo, removed);
      }
    }
    return first;
  }

  /**
   * Adds the dispatches that may have left lately and are not in the log. Each counts from its end, because its request may
   * have left late; one in flight counts from the latest moment at which it can still leave. Old ones count together with a
   * later one.
   */
  seed(
    laneNo: number,
    { isPerId, withinMs, leavesWithinMs }: DepartureSeed,
    { nowMs, wallMs }: { readonly nowMs: number; readonly wallMs: number },
  ): void {
    const toStoreMs = nowMs - wallMs;
    const since = nowMs - withinMs - toStoreMs;
    const sent = this.selectSent.all({ laneNo, since, exact: EXACT_DEPARTURES });
    let { departure_no: departureNo, departs_us: departsUs, calls, ids, units } = this.last(laneNo);
    for (const group of sent) {
      const stillMs = Math.max(nowMs + leavesWithinMs, group.slot_taken_time);
      const latestMs = group.is_open === 1 ? stillMs : (group.ended_at ?? 0) + ROUNDING_MS + toStoreMs;
      departsUs = Math.max(departsUs, Math.ceil(latestMs * MICROSECONDS));
      departureNo += 1;
      calls += isPerId ? group.ids : group.dispatches;
      ids += group.ids;
      units += group.units;
      this.insert.run({ laneNo, departureNo, departsUs, calls, ids, units });
    }
  }

  giveBack(laneNo: number, departureNo: number, { calls, ids, units }: Amount): void {
    this.lower.run({ laneNo, departureNo, calls, ids, units });
  }

  private last(laneNo: number): LastRow {
    return this.selectLast.get(laneNo) ?? NOTHING;
  }

  /** Wall times are turned into store times by what the two clocks show now. */
  private readCalendar(
    laneNo: number,
    { counts, startsUs, marginUs }: CalendarQuestion,
    last: LastRow,
    { nowUs, wallUs }: { readonly nowUs: number; readonly wallUs: number },
  ): CalendarReading {
    const startUs = startsUs.findLast((start) => start <= wallUs - marginUs);
    const nextUs = startsUs.find((start) => start > wallUs - marginUs);
    const toStoreUs = nowUs - wallUs;
    const before = startUs === undefined ? 0 : startUs - marginUs + toStoreUs - 1;
    return {
      used:
        startUs === undefined
          ? null
          : last[counts] - (this.totals[counts].left.get(laneNo, before)?.total ?? 0),
      nextUs: nextUs === undefined ? null : nextUs + marginUs + toStoreUs,
    };
  }

  private readWindow(
    laneNo: number,
    { counts, max, perUs, whole }: WindowQuestion,
    last: LastRow,
    nowUs: number,
  ): WindowReading {
    const total = last[counts];
    const { left, passed } = this.totals[counts];
    const after = (passedTotal: number): number | null =>
      passedTotal <= 0 ? null : (passed.get(laneNo, passedTotal)?.departs_us ?? null);
    const oneAfterUs = after(total + 1 - max);
    return {
      used: total - (left.get(laneNo, nowUs - perUs)?.total ?? 0),
      oneAfterUs,
      wholeAfterUs: whole === 1 ? oneAfterUs : after(total + whole - max),
      nextAfterUs: this.selectNext.get(laneNo, nowUs - perUs)?.departs_us ?? null,
    };
  }
}
