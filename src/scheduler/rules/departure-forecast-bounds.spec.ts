import { describe, expect, it } from '@jest/globals';
import { ForecastLane } from '../../../test/support/forecast-lane.js';
import { historyBounds } from './departure-forecast.js';

const SECOND_US = 1_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('A forecast from the limits alone, and what it asks of the log', () => {
  it('keeps to what may be in flight and to its windows', () => {
    const lane = new ForecastLane([{ ids: 24, per: 60, margin: 0 }], { callMs: 2000, maxInFlight: 2 });
    expect(lane.forecast(24) - lane.nowMs).toBe(3 * 2000);
    expect(lane.forecast(30) - lane.nowMs).toBe(60_000);
    expect(lane.forecast(31) - lane.nowMs).toBe(62_000);
  });

  it('counts calls of a daily quota with what they carry, from the margin after midnight on', () => {
    const lane = new ForecastLane([{ calls: 4, per: 'day', time_zone: 'UTC', margin: 60 }]);
    lane.send(6);
    const at = (ids: number): string => new Date(lane.forecast(ids)).toISOString();

    // two calls of three ids are left today
    expect([6, 7, 18, 19].map(at)).toEqual([
      '2026-11-27T12:00:00.000Z',
      ...['2026-11-28T00:01:00.000Z', '2026-11-28T00:01:00.000Z'],
      '2026-11-29T00:01:00.000Z',
    ]);
  });

  it('lets nothing go today under a quota whose use is not known', () => {
    const lane = new ForecastLane([{ ids: 4, per: 'day', time_zone: 'UTC', margin: 0 }]);
    const reading = { ...lane.input().reading, calendars: [] };
    expect(lane.forecastWithoutHistory(1, { reading })).toBe(DAY_MS / 2);
  });

  it('lets ids of the mean cost go where units are counted, whole ones and at least one', () => {
    const lane = new ForecastLane([{ units: 10, per: 60, margin: 0 }]);
    const inWindows = (ids: number, unitsPerId: number): number =>
      lane.forecastWithoutHistory(ids, { unitsPerId }) / MINUTE_MS;

    expect([3, 4, 6, 7].map((ids) => inWindows(ids, 3))).toEqual([0, 1, 1, 2]);
    expect([1, 2, 3].map((ids) => inWindows(ids, 25))).toEqual([0, 1, 2]);
    expect([20, 21].map((ids) => inWindows(ids, 0.5))).toEqual([0, 1]);
  });

  it('waits until a window opens that has counted all it may, without the log', () => {
    const lane = new ForecastLane([{ calls: 2, per: 60, margin: 0 }]);
    lane.send(6);
    lane.nowUs += 20 * SECOND_US;

    expect([3, 6, 7].map((ids) => lane.forecastWithoutHistory(ids))).toEqual([40_000, 40_000, 100_000]);
    expect(lane.forecastWithoutHistory(3, { heldForMs: 10_000 })).toBe(40_000);
    expect(lane.forecastWithoutHistory(3, { heldForMs: 50_000 })).toBe(50_000);
  });

  it('takes a window for empty after a hold of its length', () => {
    const lane = new ForecastLane([
      { ids: 6, per: 60, margin: 0 },
      { ids: 1, per: 1, margin: 0 },
    ]);
    lane.send(3);

    // six of the ten leave after the hold, and the last of four a minute and three seconds later
    expect(lane.forecastWithoutHistory(10, { heldForMs: 90_000 })).toBe(90_000 + 63_000);
  });

  it('asks for the departures that decide, the windows between taken off', () => {
    const lane = new ForecastLane([
      { ids: 10, per: 60, margin: 0 },
      { ids: 60, per: 3600, margin: 0 },
    ]);
    const bounds = historyBounds(lane.input(), 155).map(({ place: { back }, afterMs }) => [
      back,
      afterMs / MINUTE_MS,
    ]);

    expect(bounds).toEqual([
      // by the minute and by the hour: of the id itself,
      ...[
        [5, 15 + 1],
        [60 - 35, 120 + 60],
      ],
      // of the one two hours before it, the 35th,
      ...[
        [5, 120 + 3 + 1],
        [60 - 35, 120 + 60],
      ],
      // of the one three minutes before that one, the fifth,
      ...[
        [5, 120 + 3 + 1],
        [60 - 5, 120 + 3 + 60],
      ],
      // and of the one 15 minutes before the id, the fifth as well
      ...[
        [5, 15 + 1],
        [60 - 5, 15 + 60],
      ],
    ]);
    expect(historyBounds(lane.input(), 0)).toEqual([]);
  });
});
