import { describe, expect, it } from '@jest/globals';
import { removedDeparture } from './thinning.js';

describe('removedDeparture', () => {
  it('keeps the last 8192 departures, and few of a long history', () => {
    const kept = new Set<number>();
    const removedTwice: number[] = [];
    for (let n = 1; n <= 1_000_000; n++) {
      kept.add(n);
      const removed = removedDeparture(n);
      if (removed !== null && !kept.delete(removed)) {
        removedTwice.push(removed);
      }
    }

    expect(removedTwice).toEqual([]);
    expect(kept.size).toBeLessThan(8192 * 8);
    expect(Array.from({ length: 8192 }, (_, i) => 1_000_000 - i).every((n) => kept.has(n))).toBe(true);
  });

  it.each([
    [0, null],
    [1, null],
    [8191, null],
    [8193, 1],
    [8194, null],
    [16_386, 2],
    [3 * 8192 + 4, null],
    [4 * 8192 + 4, 4],
  ])('with departure %d it is %s', (added, removed) => {
    expect(removedDeparture(added)).toBe(removed);
  });
});
