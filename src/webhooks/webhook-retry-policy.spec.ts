import { describe, expect, it } from '@jest/globals';
import { nextAttemptInMs } from './webhook-retry-policy.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const plain = (): number => 0.5;

describe('A delivery that failed is sent again', () => {
  it('after a time that grows to two hours', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 99].map((attempts) => nextAttemptInMs(attempts, 0, plain));
    expect(waits.map((wait) => (wait ?? 0) / SECOND)).toEqual([5, 15, 45, 135, 405, 1215, 3645, 7200, 7200]);
  });

  it('for a day: some twenty times, and then no more', () => {
    let queuedMsAgo = 0;
    let attempts = 1;
    for (;;) {
      const wait = nextAttemptInMs(attempts, queuedMsAgo, plain);
      if (wait === null) {
        break;
      }
      queuedMsAgo += wait;
      attempts += 1;
    }

    expect(attempts).toBeGreaterThan(15);
    expect(attempts).toBeLessThan(25);
    expect(queuedMsAgo).toBeGreaterThan(21 * HOUR);
    expect(queuedMsAgo).toBeLessThanOrEqual(24 * HOUR);
  });

  it('not at the same moment as others', () => {
    expect([0, 0.999].map((draw) => nextAttemptInMs(1, 0, () => draw))).toEqual([
      4500,
      expect.closeTo(5499, 0),
    ]);
  });
});
