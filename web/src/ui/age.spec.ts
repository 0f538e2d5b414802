import { describe, expect, it } from '@jest/globals';
import { formatAge } from './age.js';

describe('An age', () => {
  const now = Date.parse('2026-11-24T10:00:00Z');

  it.each([
    ['2026-11-24T09:59:58Z', 'now'],
    ['2026-11-24T09:59:20Z', '40 s ago'],
    ['2026-11-24T09:56:20Z', '3 min ago'],
    ['2026-11-24T07:10:00Z', '2 h ago'],
    ['2026-11-20T10:00:00Z', '4 d ago'],
    ['2026-11-24T10:30:00Z', 'in 30 min'],
  ])('of %s is %s', (time, words) => {
    expect(formatAge(time, now)).toBe(words);
  });
});
