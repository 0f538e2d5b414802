import { beforeEach, describe, expect, it } from '@jest/globals';
import { dispatch, NOTHING } from '../../../test/support/held-gate.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import type { SingleClaim } from '../../../test/support/claims.js';
import { PaceStatistics } from './pace-statistics.js';

const DELAY_MS = 10;

describe('The recent pace', () => {
  let clock: ManualClock;
  let pace: PaceStatistics;

  beforeEach(() => {
    clock = new ManualClock();
    pace = new PaceStatistics({ batchDelayMs: DELAY_MS }, clock);
  });

  /** One dispatch after the other, and what a claim right behind each is told. */
  function run(dispatches: number, gapMs: number, between: SingleClaim | null = null): void {
    for (let i = 0; i < dispatches; i++) {
      pace.recordClaim(dispatch(1));
      if (between !== null) {
        pace.recordClaim(between);
      }
      clock.advance(gapMs);
    }
  }

  it('is not known at first', () => {
    run(8, 12);
    expect(pace.intervalMs).toBeNull();
  });

  it('is what passes between dispatches', () => {
    run(100, 12, { kind: 'slot_closed', opensInMs: DELAY_MS });
    expect(pace.intervalMs).toBeCloseTo(12, 6);
    run(500, 15, { kind: 'slot_closed', opensInMs: DELAY_MS });
    expect(pace.intervalMs).toBeCloseTo(15, 1);
  });

  it.each<SingleClaim>([NOTHING, { kind: 'paused' }, { kind: 'held', opensInMs: 5 }])(
    'knows nothing of what passed after %j',
    (between) => {
      run(20, 12);
      run(20, 60_000, between);
      expect(pace.intervalMs).toBeCloseTo(12, 6);
    },
  );

  it('knows nothing of what passed while nothing might begin', () => {
    run(20, 12);
    pace.reset();
    clock.advance(60_000);
    run(20, 12);
    expect(pace.intervalMs).toBeCloseTo(12, 6);
  });

  it('leaves out where another process had the slot between', () => {
    run(20, 12);
    run(20, 2 * DELAY_MS, { kind: 'slot_closed', opensInMs: 2 * DELAY_MS });
    expect(pace.intervalMs).toBeCloseTo(12, 6);
  });
});
