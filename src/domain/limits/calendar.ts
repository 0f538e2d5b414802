/** The calendar periods that a quota can have. A week begins on Monday. */
export const CALENDAR_PERIODS = ['hour', 'day', 'week', 'month'] as const;

export type CalendarPeriod = (typeof CALENDAR_PERIODS)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 1 January 1970, day 0, was a Thursday. */
const DAYS_SINCE_MONDAY = 3;
/** The offset of a zone changes by less than this, and at most once in twice this time. */
const OFFSET_SPAN_MS = 26 * HOUR_MS;
/** Nominal lengths, to compare periods. */
const LENGTHS_MS: Readonly<Record<CalendarPeriod, number>> = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
};

/**
 * The periods of a calendar in a time zone. All moments are wall times in ms since the epoch. A period begins at its first
 * moment on the clocks of the zone: where a day has no midnight, because clocks go forward at midnight, it begins at 01:00.
 */
export class Calendar {
  private readonly format: Intl.DateTimeFormat;

  /** @throws RangeError where the time zone is unknown */
  constructor(
    readonly period: CalendarPeriod,
    readonly timeZone: string,
  ) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The nominal length of a period in ms: a day has 24 hours, a month 30 days. */
  get lengthMs(): number {
    return LENGTHS_MS[this.period];
  }

  /** Returns the begin of the period that contains a moment. */
  startAt(atMs: number): number {
    if (this.period === 'hour') {
      return this.startOfHour(atMs);
    }
    const index = this.indexAt(atMs);
    const nextMs = this.startOf(index + 1);
    return nextMs <= atMs ? nextMs : this.startOf(index); // clocks that go back over midnight show a date again
  }

  /** Returns the begin of the period that comes `count` periods after the one that begins at `startMs`. */
  startAfter(startMs: number, count: number): number {
    return this.period === 'hour'
      ? this.startOfHour(startMs + count * HOUR_MS)
      : this.startOf(this.indexAt(startMs) + count);
  }

  /**
   * Returns the first moment at which the clocks of the zone show a time of a local day, or a later one. Days are counted
   * from 1 January 1970; the time is in ms, and may be that of the next day.
   */
  momentOf(day: number, timeMs: number): number {
    return this.firstMomentOf(day * DAY_MS + timeMs);
  }

  /** An hour begins with minute 0, and where a zone moves its clocks by a part of an hour. */
  private startOfHour(atMs: number): number {
    const offsetMs = this.offsetAt(atMs);
    const startMs = atMs - modulo(atMs + offsetMs, HOUR_MS);
    return this.offsetAt(startMs) === offsetMs ? startMs : this.offsetChange(startMs, atMs);
  }

  /** Numbers the periods of days, weeks and months. */
  private indexAt(atMs: number): number {
    const localMs = atMs + this.offsetAt(atMs);
    const day = Math.floor(localMs / DAY_MS);
    if (this.period === 'month') {
      const local = new Date(localMs);
      return local.getUTCFullYear() * 12 + local.getUTCMonth();
    }
    return this.period === 'week' ? Math.floor((day + DAYS_SINCE_MONDAY) / 7) : day;
  }

  private startOf(index: number): number {
    if (this.period === 'month') {
      return this.firstMomentOf(Date.UTC(Math.floor(index / 12), modulo(index, 12), 1));
    }
    return this.firstMomentOf((this.period === 'week' ? index * 7 - DAYS_SINCE_MONDAY : index) * DAY_MS);
  }

  /** Returns the first moment at which the clocks of the zone show a local midnight, or a later time. */
  private firstMomentOf(localMs: number): number {
    const beforeMs = this.offsetAt(localMs - OFFSET_SPAN_MS);
    const afterMs = this.offsetAt(localMs + OFFSET_SPAN_MS);
    const [first, last] = [beforeMs, afterMs].map((offsetMs) => localMs - offsetMs).sort((a, b) => a - b);
    if (first === undefined || last === undefined || first === last) {
      return localMs - beforeMs;
    }
    const shown = [first, last].find((atMs) => atMs + this.offsetAt(atMs) === localMs);
    return shown ?? this.offsetChange(first, last);
  }

  /** Returns the first moment with the offset of `untilMs`; at `fromMs` the zone has another one. */
  private offsetChange(fromMs: number, untilMs: number): number {
    const offsetMs = this.offsetAt(untilMs);
    let [before, after] = [Math.floor(fromMs), Math.ceil(untilMs)];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.offsetAt(middle) === offsetMs) {
        after = middle;
      } else {
        before = middle;
      }
    }
    return after;
  }

  /** Returns by how much the clocks of the zone are ahead of UTC, in ms. */
  private offsetAt(atMs: number): number {
    const parts = new Map(this.format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const field = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const localMs = Date.UTC(
      field('year'),
      field('month') - 1,
      field('day'),
      field('hour'),
      field('minute'),
      field('second'),
    );
    return localMs - Math.floor(atMs / 1000) * 1000;
  }
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
