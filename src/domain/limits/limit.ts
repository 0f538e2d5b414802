import type { PriorityRank } from '../priority.js';
import type { Calendar } from './calendar.js';

/**
 * What a limit counts: requests as the upstream sees them, ids, or units. A list says how many units one of its ids costs, 1
 * by default.
 */
export type CountedBy = 'calls' | 'ids' | 'units';

/** The most units that one id can cost. */
export const MAX_UNITS = 1_000_000_000;

/** A limit for each window: at most `max` in any window of `perUs`, wherever it begins. */
export interface WindowLimit {
  readonly kind: 'window';
  readonly counts: CountedBy;
  readonly max: number;
  /** Length of the window, in whole microseconds. */
  readonly perUs: number;
  /** Time by which the window is lengthened, because the upstream counts arrivals by its own clock. */
  readonly marginUs: number;
  /** If true, dispatches are spaced evenly, without bursts. */
  readonly isSpread: boolean;
}

/** A limit for the calls that have no answer yet, over all processes. */
export interface InFlightLimit {
  readonly kind: 'in_flight';
  readonly max: number;
}

/** A quota for each period of a calendar: at most `max` in each hour, day, week or month of a time zone. */
export interface CalendarLimit {
  readonly kind: 'calendar';
  readonly counts: CountedBy;
  readonly max: number;
  /**
   * The most that ids of each priority rank may find used and still go. It is `max` without what is reserved for higher
   * priorities.
   */
  readonly maxByRank: Readonly<Record<PriorityRank, number>>;
  readonly calendar: Calendar;
  /** Calls within this time of a boundary count in both periods, because the upstream counts by its own clock. */
  readonly marginUs: number;
}

/** One limit of an upstream, as its owner states it. */
export type Limit = WindowLimit | InFlightLimit | CalendarLimit;

/** Returns the name of a limit for people, such as `190 calls per 10 s`. */
export function describeLimit(limit: Limit): string {
  switch (limit.kind) {
    case 'in_flight':
      return `${String(limit.max)} in flight`;
    case 'calendar': {
      const { max, counts, calendar } = limit;
      return `${String(max)} ${counts} per ${calendar.period} in ${calendar.timeZone}`;
    }
    case 'window':
      return `${String(limit.max)} ${limit.counts} per ${String(limit.perUs / 1_000_000)} s`;
  }
}
