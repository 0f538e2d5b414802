import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { LATELY_MS, LONGEST_REST_MS, Rests } from './intake-throttle.js';

describe('A list that arrives', () => {
  const clock = new ManualClock();
  let others: { submissions: number };
  let restedMs: number[];
  let rests: Rests;

  beforeEach(() => {
    others = { submissions: 5 };
    restedMs = [];
    rests = new Rests(others, clock, async (ms) => restedMs.push(ms));
  });

  async function block(tookMs: number): Promise<void> {
    const startMs = clock.monotonicMs();
    clock.advance(tookMs);
    await rests.take(startMs);
  }

  it('does not rest while it is alone', async () => {
    await block(3);
    await block(3);
    expect(restedMs).toEqual([]);
  });

  it('rests as long as each block took while others hand over theirs, and no longer than it should', async () => {
    others.submissions += 1;
    await block(1.2);
    await block(3);
    others.submissions += 1;
    await block(5000);
    expect(restedMs).toEqual([2, 3, LONGEST_REST_MS]);
  });

  it('goes on without a rest when nobody has come for a while', async () => {
    others.submissions += 1;
    await block(3);
    clock.advance(LATELY_MS - 5);
    await block(3);
    clock.advance(LATELY_MS);
    await block(3);
    others.submissions += 1;
    await block(3);
    expect(restedMs).toEqual([3, 3, 3]);
  });
});
