import { describe, expect, it } from '@jest/globals';
import { firstOf, leastUnits, mostUnits, sizeOf, unitsOf, type IdRun } from './id-run.js';

const RUNS: readonly IdRun[] = [
  { rank: 0, ids: 2, units: 5 },
  { rank: 1, ids: 3, units: 1 },
  { rank: 2, ids: 1, units: 9 },
];

describe('The ids of a dispatch', () => {
  it('are counted, and cost what each of them costs', () => {
    expect([sizeOf(RUNS), unitsOf(RUNS)]).toEqual([6, 22]);
    expect([sizeOf([]), unitsOf([])]).toEqual([0, 0]);
  });

  it('are cut in their order', () => {
    expect(firstOf(RUNS, 0)).toEqual([]);
    expect(firstOf(RUNS, 3)).toEqual([
      { rank: 0, ids: 2, units: 5 },
      { rank: 1, ids: 1, units: 1 },
    ]);
    expect(firstOf(RUNS, 9)).toEqual(RUNS);
  });

  it('cost between the least and the most that so many of them can cost', () => {
    expect([1, 3, 4, 6].map((ids) => leastUnits(RUNS, ids))).toEqual([1, 3, 8, 22]);
    expect([1, 2, 3, 6].map((ids) => mostUnits(RUNS, ids))).toEqual([9, 14, 19, 22]);
  });
});
