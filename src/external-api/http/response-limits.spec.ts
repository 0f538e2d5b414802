import { describe, expect, it } from '@jest/globals';
import { parseRateLimitNames, STANDARD_RATE_LIMIT_NAMES, type RateLimitNames } from './rate-limit-names.js';
import { readLimits, toRetryAfterMs } from './response-limits.js';
import { MAX_WAIT_MS } from './wait-time.js';

const NOW = 'Tue, 24 Nov 2026 10:00:00 GMT';
const NOW_MS = Date.parse(NOW);
const NOW_S = NOW_MS / 1000;

type Headers = Readonly<Record<string, string | readonly string[]>>;

function limitsOf(given: Headers, statusCode = 200, names: RateLimitNames = STANDARD_RATE_LIMIT_NAMES) {
  const lines = Object.entries(given).map(([name, value]) => [name.toLowerCase(), [value].flat()] as const);
  const headers = Object.fromEntries(lines.map(([name, values]) => [name, values.join(', ')]));
  return readLimits({ statusCode, headers, headersDistinct: Object.fromEntries(lines) }, names, NOW_MS);
}

/** The limits of a response as [remaining, seconds until the reset]. */
const read = (...args: Parameters<typeof limitsOf>) =>
  limitsOf(...args).map(({ remaining, resetInMs }) => [remaining, resetInMs / 1000]);

/** The headers of a pair. */
const pairOf = (remaining: string | string[], reset: string | string[], prefix = 'X-RateLimit'): Headers => ({
  [`${prefix}-Remaining`]: remaining,
  [`${prefix}-Reset`]: reset,
});

describe('The limits that a response tells', () => {
  it.each<[string, Headers, number[][]]>([
    ['none', {}, []],
    ['the draft', { RateLimit: '"default";r=0;t=30' }, [[0, 30]]],
    ['the draft with a token', { RateLimit: 'default;r=50;t=30' }, [[50, 30]]],
    [
      'two policies',
      { RateLimit: '"min";r=20;t=23, "day";r=0;t=2402' },
      [
        [20, 23],
        [0, 2402],
      ],
    ],
    [
      'the draft in two lines',
      { RateLimit: ['"min";r=0;t=5', '"day";r=9;t=60'] },
      [
        [0, 5],
        [9, 60],
      ],
    ],
    [
      'the window of the policy instead of a reset',
      { RateLimit: '"day";r=0', 'RateLimit-Policy': '"min";q=9;w=60, "day";q=100;w=86400' },
      [[0, 86_400]],
    ],
    ['no reset and no policy', { RateLimit: '"day";r=0', 'RateLimit-Policy': '"min";q=9;w=60' }, []],
    [
      'a limit of calls in flight',
      { RateLimit: '"open";r=0;t=9', 'RateLimit-Policy': '"open";q=5;qu="concurrent-requests"' },
      [],
    ],
    ['the draft up to version 07', { RateLimit: 'limit=100, remaining=0, reset=5' }, [[0, 5]]],
    ['the draft up to version 06', pairOf('0', '5', 'RateLimit'), [[0, 5]]],
    ['seconds', pairOf('0', '30'), [[0, 30]]],
    ['seconds with decimals', pairOf('0.0', '0.25'), [[0, 0.25]]],
    ['seconds since 1970', pairOf('0', String(NOW_S + 30)), [[0, 30]]],
    ['ms since 1970', pairOf('0', String(NOW_MS + 1500)), [[0, 1.5]]],
    ['a date', pairOf('0', 'Tue, 24 Nov 2026 10:00:30 GMT'), [[0, 30]]],
    ['an old date', pairOf('0', 'Tuesday, 24-Nov-26 10:00:30 GMT'), [[0, 30]]],
    ['a date of RFC 3339', pairOf('0', '2026-11-24T10:00:30Z'), [[0, 30]]],
    ['a duration', pairOf('0', '6m0s'), [[0, 360]]],
    ['names with one more hyphen', pairOf('0', '30', 'X-Rate-Limit'), [[0, 30]]],
    ['a number that is not zero', pairOf('7', '30'), [[7, 30]]],
    [
      'lists',
      pairOf('0, 99', '30, 3600'),
      [
        [0, 30],
        [99, 3600],
      ],
    ],
    [
      'lists in two lines',
      pairOf(['0', '99'], ['30', '3600']),
      [
        [0, 30],
        [99, 3600],
      ],
    ],
    [
      'two numbers and one reset',
      pairOf('5, 0', '30'),
      [
        [5, 30],
        [0, 30],
      ],
    ],
    [
      'a list of dates',
      pairOf('0,1', `Tue, 24 Nov 2026 10:00:30 GMT, ${NOW}`),
      [
        [0, 30],
        [1, 0],
      ],
    ],
    ['resets of another number: the longest', pairOf('0', '5, 60, 30'), [[0, 60]]],
    ['a window instead of a reset', { 'RateLimit-Remaining': '0;w=21600' }, [[0, 21_600]]],
  ])('%s', (_, headers, expected) => {
    expect(read(headers)).toEqual(expected);
  });

  it.each<[string, Headers, number[][]]>([
    ['an empty header', { RateLimit: '', ...pairOf('', '') }, []],
    ['a malformed list', { RateLimit: 'default;r=0, t=10;' }, []],
    ['a negative number', pairOf('-5', '30'), [[0, 30]]],
    ['a negative reset', pairOf('0', '-30'), [[0, 0]]],
    ['a reset that is over', pairOf('0', String(NOW_S - 30)), [[0, 0]]],
    ['a huge reset', pairOf('0', '9'.repeat(4000)), [[0, MAX_WAIT_MS / 1000]]],
    ['a huge number', pairOf('9'.repeat(4000), '30'), []],
    ['words', pairOf('none', '30'), []],
    ['a reset of words', pairOf('0', 'soon'), [[0, 0]]],
    ['a number without a reset', { 'X-RateLimit-Remaining': '0' }, []],
    ['a reset without a number', { 'X-RateLimit-Reset': '30' }, []],
    ['a thousand commas', pairOf(','.repeat(1000), ','.repeat(1000)), []],
    ['a response from a cache', { Age: '30', ...pairOf('0', '30') }, []],
    ['Retry-After on a success', { 'Retry-After': '30' }, []],
  ])('%s, which is odd or hostile, holds nothing that it must not', (_, headers, expected) => {
    expect(read(headers)).toEqual(expected);
  });

  it('are measured by the clock of the upstream', () => {
    const headers = { Date: 'Tue, 24 Nov 2026 09:00:00 GMT', ...pairOf('0', String(NOW_S - 3600 + 30)) };
    expect(read(headers)).toEqual([[0, 30]]);
  });

  it('say in which header they stand', () => {
    expect(limitsOf(pairOf('0', '30'))).toMatchObject([{ header: 'X-RateLimit-Remaining' }]);
    expect(limitsOf({ RateLimit: 'a;r=0;t=1' })).toMatchObject([{ header: 'RateLimit' }]);
    expect(limitsOf({ 'Retry-After': '1' }, 429)).toMatchObject([{ header: 'Retry-After' }]);
  });

  it('stand in headers of other names, if these are set', () => {
    const names = parseRateLimitNames('X-Left/X-Next') ?? STANDARD_RATE_LIMIT_NAMES;
    expect(read({ 'X-Left': '0', 'X-Next': '9', ...pairOf('0', '30') }, 200, names)).toEqual([[0, 9]]);
    expect(read(pairOf('0', '30'), 200, parseRateLimitNames('off') ?? names)).toEqual([]);
  });

  it.each(['', 'X-Left', 'X-Left/', '/X-Next', 'a/b/c', 'X Left/X-Next', 'standard,', 'off, standard'])(
    'do not stand in headers named by %j',
    (setting) => {
      expect(parseRateLimitNames(setting)).toBeNull();
    },
  );

  it.each<[number, Headers, number]>([
    [429, { 'Retry-After': '2.0' }, 2000],
    [503, { 'Retry-After': '0.5' }, 500],
    [429, { 'Retry-After': ['5', '60'] }, 60_000],
    [429, { 'Retry-After': '2', ...pairOf('0', '3600') }, 2000],
    [429, { 'Retry-After': '0', ...pairOf('0', '30') }, 30_000],
    [429, { 'Retry-After': 'soon' }, 0],
    [429, pairOf('0', '30'), 30_000],
    [429, { 'X-RateLimit-Reset': '30' }, 30_000],
    [429, pairOf('7', '30'), 0],
    [429, { RateLimit: '"min";r=0;t=5, "day";r=0;t=60, "year";r=1;t=999' }, 60_000],
    [503, pairOf('0', '30'), 0],
    [500, { 'Retry-After': '30' }, 0],
    [429, {}, 0],
  ])('with status %i and %j ask to wait %i ms', (status, headers, expected) => {
    expect(toRetryAfterMs(status, limitsOf(headers, status))).toBe(expected);
  });
});
