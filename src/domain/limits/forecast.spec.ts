import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../external-api/seeded-random.js';
import { Calendar } from './calendar.js';
import { forecastDeparture, type CalendarPace, type Pace, type WindowPace } from './forecast.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const NOON = Date.parse('2026-11-27T12:00:00Z');

function window(max: number, perMs: number, used = 0, opensInMs = 0): WindowPace {
  return { kind: 'window', max, perMs, used, opensInMs };
}

function quota(max: number, period: Calendar['period'], used = 0, timeZone = 'UTC'): CalendarPace {
  return { kind: 'calendar', max, calendar: new Calendar(period, timeZone), marginMs: SECOND, used };
}

function departure(ids: number, ...paces: Pace[]): string {
  return new Date(forecastDeparture(ids, paces, NOON)).toISOString();
}

/** Sends one id after the other, each as early as the definition of the limits allows. */
function sendEach(ids: number, paces: readonly Pace[]): number {
  const sent: number[] = [];
  for (let id = 0; id < ids; id++) {
    const earliest = paces.map((pace) => {
      if (pace.kind === 'window') {
        return (sent.at(-pace.max) ?? Number.NEGATIVE_INFINITY) + pace.perMs;
      }
      let startMs = pace.calendar.startAt(NOON - pace.marginMs);
      while (sent.filter((at) => at >= startMs - pace.marginMs).length >= pace.max) {
        startMs = pace.calendar.startAfter(startMs, 1);
      }
      return startMs + pace.marginMs;
    });
    sent.push(Math.max(NOON, sent.at(-1) ?? 0, ...earliest));
  }
  return sent.at(-1) ?? NOON;
}

describe('A forecast', () => {
  it('lets everything leave at once that there is room for', () => {
    expect(departure(10, window(10, 10 * SECOND), quota(10, 'day'))).toBe('2026-11-27T12:00:00.000Z');
    expect(departure(0, window(1, SECOND, 1, 500))).toBe('2026-11-27T12:00:00.000Z');
    expect(departure(1_000_000)).toBe('2026-11-27T12:00:00.000Z');
  });

  it('waits for what the window has counted, then goes on by whole windows', () => {
    const used = window(10, 10 * SECOND, 4, 3 * SECOND);
    expect(departure(6, used)).toBe('2026-11-27T12:00:00.000Z');
    expect(departure(7, used)).toBe('2026-11-27T12:00:03.000Z');
    expect(departure(11, used)).toBe('2026-11-27T12:00:10.000Z');
    expect(departure(17, used)).toBe('2026-11-27T12:00:13.000Z');
  });

  it('ends a million ids under a daily quota days later, at the right second', () => {
    // 650,000 a day, 100,000 of them used; the rest of today, then 450,000 by 190 each 10 s from midnight in Berlin
    const hubspot = [window(190, 10 * SECOND), quota(650_000, 'day', 100_000, 'Europe/Berlin')];
    expect(departure(1_000_000, ...hubspot)).toBe('2026-11-28T05:34:41.000Z');
    expect(departure(550_000 + 650_000 + 1, ...hubspot)).toBe('2026-11-28T23:00:01.000Z');
  });

  it('follows a day of 23 hours, and a leap day', () => {
    const beforeMs = Date.parse('2028-03-25T12:00:00Z');
    const berlin = quota(10, 'day', 10, 'Europe/Berlin');
    expect(new Date(forecastDeparture(20, [berlin], beforeMs)).toISOString()).toBe(
      '2028-03-26T22:00:01.000Z',
    );
    const february = Date.parse('2028-02-28T12:00:00Z');
    expect(new Date(forecastDeparture(10, [quota(10, 'day', 10)], february)).toISOString()).toBe(
      '2028-02-29T00:00:01.000Z',
    );
  });

  it('counts the margin after midnight to the day before', () => {
    const justAfterMs = Date.parse('2026-11-28T00:00:00.500Z');
    const endsAtMs = forecastDeparture(1, [quota(10, 'day', 10)], justAfterMs);
    expect(new Date(endsAtMs).toISOString()).toBe('2026-11-28T00:00:01.000Z');
  });

  it('paces only those ids by a shorter limit that a longer one has held back', () => {
    const longer = window(10, 100 * SECOND, 4, 30 * SECOND);
    expect(departure(8, longer, window(1, SECOND))).toBe('2026-11-27T12:00:31.000Z');
  });

  it('is what sending one id after the other gives, for limits without a history', () => {
    const random = seededRandom(1);
    const upTo = (max: number): number => 1 + Math.floor(random() * max);
    for (let run = 0; run < 100; run++) {
      const short = upTo(8);
      // a longer limit is far longer and binds, as limits that are stated together do
      const long = short * upTo(4) + upTo(short) - 1;
      const paces: Pace[] = [window(short, upTo(5) * SECOND)];
      if (random() < 0.5) {
        paces.push(window(long, HOUR));
      }
      if (random() < 0.5) {
        paces.push(quota(upTo(3) * long, 'day', 0, 'Europe/Berlin'));
      }
      const ids = upTo(120);

      expect([run, forecastDeparture(ids, paces, NOON)]).toEqual([run, sendEach(ids, paces)]);
    }
  });

  it('takes no longer for a billion ids than for one', () => {
    const paces = [window(1, SECOND), window(50, HOUR), quota(1000, 'day'), quota(20_000, 'month')];
    expect(departure(1_000_000_000, ...paces)).toBe('6193-06-20T19:00:50.000Z');
  });
});
