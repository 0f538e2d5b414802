import { describe, expect, it } from '@jest/globals';
import { formatAge, formatDuration, formatEstimatedTime, formatMoment } from './time-words.js';

const NOW_MS = Date.parse('2026-11-27T10:00:00.000Z');

describe('A time in words', () => {
  it.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [59.6, '1 min'],
    [65, '1 min 5 s'],
    [605, '10 min'],
    [7500, '2 h 5 min'],
    [86_400, '1 d'],
    [172_432.864, '1 d 23 h'],
    [8_640_000, '100 d'],
  ])('formats %d seconds as %s', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });

  it.each([
    ['2026-11-27T09:57:00.000Z', '3 min ago'],
    ['2026-11-27T12:00:00.000Z', 'in 2 h'],
    ['2026-11-27T10:00:00.300Z', 'now'],
    ['soon', 'soon'],
  ])('says for %s how far it is from now: %s', (time, words) => {
    expect(formatAge(time, NOW_MS)).toBe(words);
  });

  it('can have the exact time beside it', () => {
    const time = '2026-11-27T12:00:00.000Z';
    expect(formatMoment(time, NOW_MS)).toBe(`${time} (in 2 h)`);
    expect(formatEstimatedTime(time, NOW_MS)).toBe(`in 2 h (${time})`);
  });
});
