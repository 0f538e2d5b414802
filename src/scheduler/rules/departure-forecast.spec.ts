import { describe, expect, it } from '@jest/globals';
import { ForecastLane } from '../../../test/support/forecast-lane.js';
import { seededRandom } from '../../external-api/seeded-random.js';
import { isForecastable } from './departure-forecast.js';

const SECOND_US = 1_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('A forecast for a lane with limits', () => {
  it('ends a million ids under a daily limit days later, at the right minute', () => {
    const lane = new ForecastLane([
      { calls: 190, per: 10 },
      { ids: 650_000, per: 86_400 },
    ]);
    const [, day] = lane.rules.windows;
    const afterMs = lane.forecast(1_000_000) - lane.nowMs;

    // one whole day with the margin of its window, then 350,000 ids of 3 a call by 190 calls each 10 s
    const calls = Math.ceil(350_000 / 3);
    const restMs = Math.floor((calls - 1) / 190) * 10_021;
    expect(Math.abs(afterMs - (day?.perUs ?? 0) / 1000 - restMs)).toBeLessThan(MINUTE_MS);
    expect(afterMs).toBeGreaterThan(DAY_MS);
  });

  it('counts what has left before, each when it leaves its window', () => {
    const lane = new ForecastLane([{ ids: 600, per: 3600, margin: 0 }]);
    for (const [ids, minutes] of [
      [300, 10],
      [150, 30],
      [150, 5],
    ] as const) {
      lane.send(ids);
      lane.nowUs += minutes * 60 * SECOND_US;
    }
    const inMinutes = (ids: number): number => (lane.forecast(ids) - lane.nowMs) / MINUTE_MS;

    // the first 300 left 45 minutes ago, the next 150 35 minutes ago, the last 150 5 minutes ago
    expect([1, 300, 301, 450, 451, 600, 601, 1200].map(inMinutes)).toEqual([15, 15, 25, 25, 55, 55, 75, 115]);
  });

  it('is what sending the ids brings, after any history, to the length of the shortest window', () => {
    const off: unknown[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const upTo = (max: number): number => 1 + Math.floor(random() * max);
      const isPerId = random() < 0.3;
      const shortMax = 3 * upTo(5);
      const shortPer = upTo(10);
      const limits: unknown[] = [{ ids: shortMax, per: shortPer, margin: 0 }];
      if (random() < 0.7) {
        limits.push({ ids: shortMax * (2 + upTo(6)), per: shortPer * 40, margin: 0 });
      }
      if (random() < 0.4) {
        limits.push({ calls: isPerId ? shortMax * 60 : shortMax * 20, per: shortPer * 1000, margin: 0 });
      }
      const lane = new ForecastLane(limits, { isPerId });
      for (let burst = upTo(4); burst > 0; burst--) {
        lane.send(3 * upTo(60));
        lane.nowUs += upTo(30 * shortPer) * SECOND_US;
      }
      const ids = 3 * upTo(600);
      const expectedMs = lane.forecast(ids);
      const nowMs = lane.nowMs;
      const sentMs = lane.send(ids);
      if (Math.abs(expectedMs - sentMs) > shortPer * 1000) {
        off.push({ seed, limits, ids, expected: expectedMs - nowMs, sent: sentMs - nowMs });
      }
    }

    expect(off).toEqual([]);
  });

  it('ends under a daily quota with a reserve on the day on which sending the ids ends', () => {
    const quota = { ids: 60, per: 'day', time_zone: 'Europe/Berlin', margin: 0, reserve: { HIGH: '50%' } };
    const lane = new ForecastLane([{ ids: 12, per: 600, margin: 0 }, quota]);
    lane.send(21);
    const expectedMs = lane.forecast(100);

    // 9 today, 30 on each of three days, and one more on the fourth day
    expect(new Date(expectedMs).toISOString()).toBe('2026-11-30T23:00:00.000Z');
    expect(lane.send(100)).toBe(expectedMs);
  });

  it('begins when the upstream holds the lane no longer', () => {
    const limits = [{ ids: 6, per: 60, margin: 0 }];
    const held = new ForecastLane(limits, { heldForMs: 45_000 });
    held.send(6);
    expect([held.forecast(6) - held.nowMs, held.forecast(7) - held.nowMs]).toEqual([60_000, 120_000]);
    const long = new ForecastLane(limits, { heldForMs: 90_000 });
    long.send(6);
    expect([long.forecast(6) - long.nowMs, long.forecast(7) - long.nowMs]).toEqual([90_000, 150_000]);
  });

  it('lets no more begin than may be in flight in the time that a call takes', () => {
    const lane = new ForecastLane([{ in_flight: 4 }], { callMs: 2000 });
    expect(lane.forecast(12 * 100) - lane.nowMs).toBe(99 * 2000);
    const perId = new ForecastLane([{ in_flight: 4 }], { callMs: 2000, isPerId: true });
    expect(perId.forecast(400) - perId.nowMs).toBe(99 * 2000);
    const process = new ForecastLane([{ in_flight: 100 }], { callMs: 2000, maxInFlight: 2 });
    expect(process.forecast(6 * 100) - process.nowMs).toBe(99 * 2000);
  });

  it('is not possible without a window before a call has been measured', () => {
    expect(isForecastable(new ForecastLane([{ in_flight: 4 }]).input())).toBe(false);
    expect(isForecastable(new ForecastLane([{ in_flight: 4 }], { callMs: 10 }).input())).toBe(true);
    expect(isForecastable(new ForecastLane([{ ids: 4, per: 1 }]).input())).toBe(true);
  });
});
