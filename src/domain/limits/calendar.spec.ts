import { describe, expect, it } from '@jest/globals';
import { Calendar, CALENDAR_PERIODS, type CalendarPeriod } from './calendar.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function at(text: string): number {
  return Date.parse(text);
}

function startAt(period: CalendarPeriod, timeZone: string, moment: string): string {
  return new Date(new Calendar(period, timeZone).startAt(at(moment))).toISOString();
}

/** Tells two periods apart by what the clocks of the zone show, with another format than the calendar uses. */
function labelOf(period: CalendarPeriod, timeZone: string): (ms: number) => string {
  const dateFormat = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  const hourFormat = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const zoneFormat = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (ms) => {
    const date = dateFormat.format(ms);
    if (period === 'hour') {
      return hourFormat.format(ms).slice(0, -3) + zoneFormat.format(ms);
    }
    if (period === 'week') {
      const day = at(`${date}T00:00:00Z`);
      return new Date(day - ((new Date(day).getUTCDay() + 6) % 7) * DAY).toISOString();
    }
    return period === 'month' ? date.slice(0, 7) : date;
  };
}

describe('A calendar', () => {
  it.each([
    ['day', 'UTC', '2026-03-29T12:34:56.789Z', '2026-03-29T00:00:00.000Z'],
    ['day', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z'], // 23 hours long
    ['day', 'Europe/Berlin', '2026-03-29T22:00:00Z', '2026-03-29T22:00:00.000Z'],
    ['day', 'Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-10-24T22:00:00.000Z'], // 25 hours long
    ['day', 'America/Los_Angeles', '2026-01-01T07:59:59Z', '2025-12-31T08:00:00.000Z'],
    ['day', 'Asia/Kolkata', '2026-01-01T18:30:00Z', '2026-01-01T18:30:00.000Z'],
    ['day', 'Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-23T22:00:00.000Z'], // the day begins at 01:00
    ['day', 'America/Havana', '2026-11-01T12:00:00Z', '2026-11-01T04:00:00.000Z'], // midnight comes twice
    ['day', 'America/St_Johns', '2010-11-07T02:45:00Z', '2010-11-07T02:30:00.000Z'], // 23:15 again, a minute after midnight
    ['day', 'UTC', '2028-02-29T23:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['month', 'Europe/Berlin', '2028-02-29T23:30:00Z', '2028-02-29T23:00:00.000Z'],
    ['month', 'UTC', '2026-12-31T23:59:59Z', '2026-12-01T00:00:00.000Z'],
    ['week', 'UTC', '2026-11-29T23:59:59Z', '2026-11-23T00:00:00.000Z'], // a Sunday, and its Monday
    ['hour', 'Asia/Kathmandu', '2026-01-01T00:14:00Z', '2025-12-31T23:15:00.000Z'],
    ['hour', 'Europe/Berlin', '2026-10-25T01:10:00Z', '2026-10-25T01:00:00.000Z'], // 02:10 for the second time
  ] as const)('has a %s in %s that contains %s and begins at %s', (period, timeZone, moment, start) => {
    expect(startAt(period, timeZone, moment)).toBe(start);
  });

  it('has periods of these nominal lengths', () => {
    const hours = CALENDAR_PERIODS.map((period) => new Calendar(period, 'Europe/Berlin').lengthMs / HOUR);
    expect(hours).toEqual([1, 24, 7 * 24, 30 * 24]);
  });

  it('refuses an unknown time zone', () => {
    expect(() => new Calendar('day', 'Mars/Olympus')).toThrow(RangeError);
  });

  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Asia/Kathmandu',
  ];
  it.each(CALENDAR_PERIODS.flatMap((period) => zones.map((zone) => [period, zone] as const)))(
    'begins each %s in %s where the clocks first show it, all through a leap year',
    (period, timeZone) => {
      const calendar = new Calendar(period, timeZone);
      const label = labelOf(period, timeZone);
      const [firstMs, untilMs, stepMs] =
        period === 'hour'
          ? [at('2028-03-20T00:00:00Z'), at('2028-04-05T00:00:00Z'), 15 * MINUTE]
          : [at('2027-12-20T00:00:00Z'), at('2029-01-10T00:00:00Z'), 6 * HOUR];
      let startMs = calendar.startAt(firstMs);
      const wrong: string[] = [];
      for (let ms = firstMs; ms < untilMs; ms += stepMs) {
        const begins = calendar.startAt(ms);
        while (startMs < begins) {
          const nextMs = calendar.startAfter(startMs, 1);
          if (label(nextMs - 1) === label(nextMs) || label(startMs) !== label(nextMs - 1)) {
            wrong.push(`${new Date(nextMs).toISOString()} begins no ${period}`);
          }
          startMs = nextMs;
        }
        if (begins !== startMs || begins > ms || label(begins) !== label(ms)) {
          wrong.push(
            `${new Date(ms).toISOString()} is not in the ${period} of ${new Date(begins).toISOString()}`,
          );
        }
      }

      expect(wrong).toEqual([]);
    },
  );

  it('goes many periods ahead at once', () => {
    const calendar = new Calendar('day', 'Europe/Berlin');
    let dayMs = calendar.startAt(at('2027-06-15T10:00:00Z'));
    const firstMs = dayMs;
    for (let days = 1; days <= 800; days++) {
      dayMs = calendar.startAfter(dayMs, 1);
      expect(calendar.startAfter(firstMs, days)).toBe(dayMs);
    }
  });
});
