import { describe, expect, it } from '@jest/globals';
import { splitIntoRuns } from './runs.js';

const isNext = (item: number, previous: number): boolean => item === previous + 1;

describe('Runs', () => {
  it('of sorted items end where one does not continue the one before', () => {
    expect(splitIntoRuns([1, 2, 3, 5, 5, 6, 9], isNext)).toEqual([[1, 2, 3], [5], [5, 6], [9]]);
  });

  it('of nothing are none', () => {
    expect(splitIntoRuns([], isNext)).toEqual([]);
  });
});
