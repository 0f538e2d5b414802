import type { Calendar } from './calendar.js';

/** A limit for each window, as a forecast takes it. All amounts are ids. */
export interface WindowPace {
  readonly kind: 'window';
  /** The most ids in a window; at least 1. */
  readonly max: number;
  /** Length of the window with its margin, in ms. */
  readonly perMs: number;
  /** Ids that the window which ends now has counted. */
  readonly used: number;
  /** Time until the window counts fewer of them, in ms: until its oldest departure has left it. 0 if it counts none. */
  readonly opensInMs: number;
}

/** A quota for each period of a calendar, as a forecast takes it. All amounts are ids. */
export interface CalendarPace {
  readonly kind: 'calendar';
  /** The most ids in a period that this priority may use: `max` without what is reserved for others; at least 1. */
  readonly max: number;
  readonly calendar: Calendar;
  /** Time after the begin of a period from which the quota of the period can be used, in ms. */
  readonly marginMs: number;
  /** Ids that the current period has counted. */
  readonly used: number;
}

export type Pace = WindowPace | CalendarPace;

/**
 * Returns the wall time in ms at which the last of `ids` ids will have left, if they leave from `fromMs` on and as early as
 * all of these limits allow. `paces` say what is used at `fromMs`.
 *
 * The longest limit decides in which of its windows or periods the last id leaves; the shorter limits decide when within
 * it. This is exact for limits without a history. What a window has counted is taken to leave it at once, so with a history
 * the result can be early, by less than the longest window that still counts something. The time that calls take, retries
 * and limits for calls in flight are not part of it. The cost does not depend on the number of ids.
 */
export function forecastDeparture(ids: number, paces: readonly Pace[], fromMs: number): number {
  const longestFirst = [...paces].sort((a, b) => lengthOf(b) - lengthOf(a));
  return departureOf(Math.max(0, ids), longestFirst, fromMs);
}

function departureOf(ids: number, [pace, ...shorter]: readonly Pace[], fromMs: number): number {
  if (pace === undefined || ids === 0) {
    return fromMs;
  }
  const { startMs, idsInLast } = lastBurst(ids, pace, fromMs);
  const byShorter = departureOf(ids, shorter, fromMs);
  return startMs === fromMs
    ? byShorter
    : Math.max(byShorter, departureOf(idsInLast, shorter.map(toUnused), startMs));
}

/** Returns when the last window or period of a limit opens, and how many of the ids leave in it. */
function lastBurst(ids: number, pace: Pace, fromMs: number): { startMs: number; idsInLast: number } {
  const used = Math.min(Math.max(0, pace.used), pace.max);
  const room = pace.max - used;
  if (ids <= room) {
    return { startMs: fromMs, idsInLast: ids };
  }
  if (pace.kind === 'calendar') {
    const { calendar, marginMs, max } = pace;
    const periods = Math.ceil((ids - room) / max);
    const startMs = calendar.startAfter(calendar.startAt(fromMs - marginMs), periods) + marginMs;
    return { startMs, idsInLast: ids - room - (periods - 1) * max };
  }
  const windows = Math.ceil(ids / pace.max) - 1;
  const rest = ids - windows * pace.max;
  const startMs = fromMs + windows * pace.perMs;
  return rest <= room
    ? { startMs, idsInLast: rest }
    : { startMs: startMs + Math.min(pace.opensInMs, pace.perMs), idsInLast: rest - room };
}

/** After a longer limit has held the ids back, the shorter ones are unused. */
function toUnused(pace: Pace): Pace {
  return { ...pace, used: 0 };
}

function lengthOf(pace: Pace): number {
  return pace.kind === 'window' ? pace.perMs : pace.calendar.lengthMs;
}
