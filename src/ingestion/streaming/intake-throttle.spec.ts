import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { CONTENTION_WINDOW_MS, MAX_PAUSE_MS, IntakeThrottle } from './intake-throttle.js';

describe('A list that arrives', () => {
  const clock = new ManualClock();
  let others: { acceptedCount: number };
  let restedMs: number[];
  let intakeThrottle: IntakeThrottle;

  beforeEach(() => {
    others = { acceptedCount: 5 };
    restedMs = [];
    jest.spyOn(clock, 'sleep').mockImplementation(async (ms) => {
      restedMs.push(ms);
    });
    intakeThrottle = new IntakeThrottle(others, clock);
  });

  async function block(tookMs: number): Promise<void> {
    const startMs = clock.monotonicMs();
    clock.advance(tookMs);
    await intakeThrottle.pauseIfContended(startMs);
  }

  it('does not rest while it is alone', async () => {
    await block(3);
    await block(3);
    expect(restedMs).toEqual([]);
  });

  it('rests as long as each block took while others hand over theirs, and no longer than it should', async () => {
    others.acceptedCount += 1;
    await block(1.2);
    await block(3);
    others.acceptedCount += 1;
    await block(5000);
    expect(restedMs).toEqual([2, 3, MAX_PAUSE_MS]);
  });

  it('goes on without a rest when nobody has come for a while', async () => {
    others.acceptedCount += 1;
    await block(3);
    clock.advance(CONTENTION_WINDOW_MS - 5);
    await block(3);
    clock.advance(CONTENTION_WINDOW_MS);
    await block(3);
    others.acceptedCount += 1;
    await block(3);
    expect(restedMs).toEqual([3, 3, 3]);
  });
});
