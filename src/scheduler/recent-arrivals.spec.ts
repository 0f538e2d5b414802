import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../test/support/manual-clock.js';
import { RecentArrivals } from './recent-arrivals.js';

const MS_PER_ID = 100;

describe('Recent arrivals', () => {
  let clock: ManualClock;
  let arrivals: RecentArrivals;

  beforeEach(() => {
    clock = new ManualClock();
    arrivals = new RecentArrivals(clock);
  });

  /** Four ids a second; ten go. */
  function flow(seconds: number): void {
    for (let i = 0; i < seconds * 4; i++) {
      clock.advance(250);
      arrivals.add('HIGH', 1);
    }
  }

  it('count where they are of a higher priority', () => {
    arrivals.add('MEDIUM', 1000);
    arrivals.add('LOW', 1000);
    expect(arrivals.laterShare(5000, 'MEDIUM', MS_PER_ID)).toBe(0);
    expect(arrivals.laterShare(5000, 'LOW', MS_PER_ID)).toBeGreaterThan(0);
  });

  it('that come steadily are foreseen to go on', () => {
    flow(600);
    expect(arrivals.laterShare(10_000, 'LOW', MS_PER_ID)).toBeCloseTo(0.4, 1);
    expect(arrivals.laterShare(10_000, 'HIGH', MS_PER_ID)).toBe(0);
  });

  it('are foreseen the less the shorter they were seen', () => {
    flow(10);
    expect(arrivals.laterShare(600_000, 'LOW', MS_PER_ID) * 600_000).toBeLessThan(2 * 40 * MS_PER_ID);
  });

  it('that have ended are soon not foreseen', () => {
    flow(600);
    clock.advance(10_000);
    expect(arrivals.laterShare(20_000, 'LOW', MS_PER_ID)).toBeLessThan(0.01);
  });

  it('that come as a rush take no more than half', () => {
    arrivals.add('HIGH', 1e6);
    expect(arrivals.laterShare(10_000, 'LOW', MS_PER_ID)).toBe(0.5);
  });

  it('tell nothing of what goes at once', () => {
    flow(10);
    expect(arrivals.laterShare(0, 'LOW', MS_PER_ID)).toBe(0);
  });
});
