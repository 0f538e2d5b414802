import { describe, expect, it } from '@jest/globals';
import { MAX_WAIT_MS, parseWaitMs } from './wait-time.js';

const NOW = 'Tue, 24 Nov 2026 10:00:00 GMT';
const NOW_MS = Date.parse(NOW);
const NOW_S = NOW_MS / 1000;

describe('A time to wait', () => {
  it.each([
    ['0', 0],
    ['1', 1000],
    [' 120 ', 120_000],
    ['2.0', 2000],
    ['0.5', 500],
    ['1.0005', 1001],
    ['+3', 3000],
    ['999999999', MAX_WAIT_MS],
    [String(NOW_S + 60), 60_000],
    [`${String(NOW_S + 60)}.250`, 60_250],
    [String(NOW_S - 60), 0],
    [String(NOW_MS + 1500), 1500],
    ['Tue, 24 Nov 2026 10:01:00 GMT', 60_000],
    ['Tuesday, 24-Nov-26 10:01:00 GMT', 60_000],
    ['Tue Nov 24 10:01:00 2026', 60_000],
    ['Tue Dec  1 10:00:00 2026', 7 * 86_400_000],
    ['2026-11-24T10:01:00Z', 60_000],
    ['2026-11-24T11:01:00.5+01:00', 60_500],
    ['1s', 1000],
    ['20ms', 20],
    ['6m0s', 360_000],
    ['1h2m3.5s', 3_723_500],
  ])('%j is %j ms from now', (text, expected) => {
    expect(parseWaitMs(text, { date: undefined, nowMs: NOW_MS })).toBe(expected);
  });

  it.each([
    ['-1', 0],
    ['-9999999999', 0],
    ['Mon, 23 Nov 2026 10:00:00 GMT', 0],
    ['Monday, 23-Nov-77 10:00:00 GMT', 0],
    ['Thursday, 24-Nov-76 10:00:00 GMT', MAX_WAIT_MS],
    ['Fri, 24 Nov 9999 10:00:00 GMT', MAX_WAIT_MS],
    [String(1e15), MAX_WAIT_MS],
    ['9'.repeat(400), MAX_WAIT_MS],
    ['9'.repeat(400) + 's', undefined],
    ['9'.repeat(60) + 'h', MAX_WAIT_MS],
    ['Tue, 99 Nov 2026 10:01:00 GMT', undefined],
    ['Tue, 31 Feb 2026 10:01:00 GMT', undefined],
    ['Tue, 24 Nov 2026 25:01:00 GMT', undefined],
    ['Tue, 24 Nov 2026 10:01:00 CET', undefined],
    ['2026-13-24T10:01:00Z', undefined],
    ['2026-11-24T10:01:00', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['1,5', undefined],
    ['1 2', undefined],
    ['Infinity', undefined],
    ['NaN', undefined],
    ['soon', undefined],
    ['', undefined],
    [' ', undefined],
  ])('%j, which is odd or hostile, is %j', (text, expected) => {
    expect(parseWaitMs(text, { date: undefined, nowMs: NOW_MS })).toBe(expected);
  });

  it('is measured by the clock of the upstream, if the response tells its time', () => {
    const clock = { date: 'Tue, 24 Nov 2026 09:00:00 GMT', nowMs: NOW_MS };
    expect(parseWaitMs('Tue, 24 Nov 2026 09:00:30 GMT', clock)).toBe(30_000);
    expect(parseWaitMs(String(NOW_S - 3600 + 30), clock)).toBe(30_000);
    expect(parseWaitMs('2026-11-24T09:00:30Z', clock)).toBe(30_000);
    expect(parseWaitMs('30', clock)).toBe(30_000);
    expect(parseWaitMs(NOW, { date: 'yesterday', nowMs: NOW_MS - 5000 })).toBe(5000);
  });
});
