import { describe, expect, it } from '@jest/globals';
import { formatDuration } from './format.js';

describe('A duration', () => {
  it.each([
    [0, '0 s'],
    [4.2, '4.2 s'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [659, '10 min'],
    [7200, '2 h'],
    [7500, '2 h 5 min'],
    [172_800, '2 d'],
    [273_600, '3 d 4 h'],
  ])('of %d s is written without a unit of which there is none', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });
});
