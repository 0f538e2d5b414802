import { describe, expect, it } from '@jest/globals';
import { parseRetryAfter } from './retry-after.js';

const NOW = 'Tue, 24 Nov 2026 10:00:00 GMT';
const NOW_MS = Date.parse(NOW);

describe('Retry-After', () => {
  it.each([
    ['0', undefined],
    ['1', 1000],
    [' 120 ', 120_000],
    ['999999999', 999_999_999_000],
    ['9999999999', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    ['Tue, 24 Nov 2026 10:01:00 GMT', 60_000],
    ['Tue, 24 Nov 2026 10:00:00 GMT', undefined],
    ['Mon, 23 Nov 2026 10:00:00 GMT', undefined],
    ['Tue, 99 Nov 2026 10:01:00 GMT', undefined],
    ['2026-11-24T10:01:00Z', undefined],
  ])('%j asks to wait %j ms', (text, expected) => {
    expect(parseRetryAfter(text, undefined, NOW_MS)).toBe(expected);
  });

  it('reads a date beside the clock of the one who sent it', () => {
    const anHourBehind = 'Tue, 24 Nov 2026 09:00:00 GMT';
    expect(parseRetryAfter('Tue, 24 Nov 2026 09:00:30 GMT', anHourBehind, NOW_MS)).toBe(30_000);
    expect(parseRetryAfter(NOW, 'yesterday', NOW_MS - 5000)).toBe(5000);
  });
});
