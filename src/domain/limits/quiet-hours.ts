import { Calendar } from './calendar.js';

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
/** 1 January 1970, day 0, was a Thursday. */
const DAYS_SINCE_MONDAY = 3;
/** Days around a moment for which the intervals are computed at once: more than a week, so that an end is found. */
const DAYS_BEFORE = 2;
const DAYS_AFTER = 10;

/** A period in which a lane sends nothing, each week. */
export interface QuietPeriod {
  /** Days of the week on which it begins, 0 for Monday. */
  readonly days: readonly number[];
  /** Time of the day at which it begins and ends, in ms; it ends on the next day if `toMs` is not later than `fromMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: string;
}

/** An interval of wall times in ms. The end does not belong to it. */
interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The hours in which a lane sends nothing. They follow the clocks of their time zones: a time that the clocks skip is the
 * moment at which they skip it, and of a time that they show twice the first one counts. All moments are wall times in ms.
 */
export class QuietHours {
  private readonly periods: readonly (QuietPeriod & { readonly calendar: Calendar })[];
  private known: { readonly day: number; readonly intervals: readonly Interval[] } | null = null;

  constructor(periods: readonly QuietPeriod[]) {
    this.periods = periods.map((period) => ({ ...period, calendar: new Calendar('day', period.timeZone) }));
  }

  /** Returns the moment at which the quiet hours end that contain `atMs`; null if it is in none. */
  endsAt(atMs: number): number | null {
    return (
      this.intervalsAt(atMs).find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)?.endMs ?? null
    );
  }

  /**
   * Returns the moment at which `openMs` outside of quiet hours have passed since `fromMs`. It may be wrong by an hour for
   * each change of clocks between, where it is more than two weeks away.
   */
  after(fromMs: number, openMs: number): number {
    const openPerWeekMs = WEEK_MS - this.quietBetween(fromMs, fromMs + WEEK_MS);
    const weeks = Math.max(0, Math.floor(openMs / openPerWeekMs) - 1);
    let atMs = fromMs + weeks * WEEK_MS;
    let leftMs = openMs - weeks * openPerWeekMs;
    for (;;) {
      atMs = this.endsAt(atMs) ?? atMs;
      const nextMs = this.intervalsAt(atMs).find(({ startMs }) => startMs > atMs)?.startMs ?? Infinity;
      if (atMs + leftMs < nextMs) {
        return atMs + leftMs;
      }
      leftMs -= nextMs - atMs;
      atMs = nextMs;
    }
  }

  /** Returns true if a week has a moment outside of quiet hours. */
  leavesRoomAt(atMs: number): boolean {
    return this.quietBetween(atMs, atMs + WEEK_MS) < WEEK_MS;
  }

  private quietBetween(fromMs: number, toMs: number): number {
    return this.intervalsAt(fromMs).reduce(
      (sum, { startMs, endMs }) => sum + Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs)),
      0,
    );
  }

  /** Returns the intervals around a moment in their order; none touches another. */
  private intervalsAt(atMs: number): readonly Interval[] {
    const day = Math.floor(atMs / DAY_MS);
    if (this.known?.day !== day) {
      const days = Array.from({ length: DAYS_BEFORE + 1 + DAYS_AFTER }, (_, i) => day - DAYS_BEFORE + i);
      const intervals = this.periods.flatMap((period) =>
        days
          .filter((each) => period.days.includes((((each + DAYS_SINCE_MONDAY) % 7) + 7) % 7))
          .map((each) => toInterval(period, each)),
      );
      this.known = { day, intervals: join(intervals) };
    }
    return this.known.intervals;
  }
}

function toInterval({ calendar, fromMs, toMs }: QuietPeriod & { calendar: Calendar }, day: number): Interval {
  const lastDay = toMs <= fromMs ? day + 1 : day;
  return { startMs: calendar.momentOf(day, fromMs), endMs: calendar.momentOf(lastDay, toMs) };
}

function join(intervals: readonly Interval[]): readonly Interval[] {
  const joined: Interval[] = [];
  for (const interval of [...intervals].sort((a, b) => a.startMs - b.startMs)) {
    const last = joined.at(-1);
    if (last !== undefined && interval.startMs <= last.endMs) {
      joined[joined.length - 1] = { ...last, endMs: Math.max(last.endMs, interval.endMs) };
    } else if (interval.endMs > interval.startMs) {
      joined.push(interval);
    }
  }
  return joined;
}
