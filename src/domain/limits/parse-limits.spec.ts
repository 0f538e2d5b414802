import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { LimitError } from './limit-fields.js';
import { describeLimit } from './limit.js';
import { parseLimits } from './parse-limits.js';

describe('parseLimits', () => {
  it('reads windows in whole microseconds, with the stated margin or the default one', () => {
    expect(parseLimits([{ calls: 190, per: 10 }])).toEqual([
      { kind: 'window', counts: 'calls', max: 190, perUs: 10_000_000, marginUs: 21_000, isSpread: false },
    ]);
    expect(parseLimits([{ ids: 5, per: 0.1, margin: 0, spread: true }, { in_flight: 25 }])).toEqual([
      { kind: 'window', counts: 'ids', max: 5, perUs: 100_000, marginUs: 0, isSpread: true },
      { kind: 'in_flight', max: 25 },
    ]);
  });

  it('names a limit for people', () => {
    expect(parseLimits([{ calls: 190, per: 10 }, { in_flight: 25 }]).map(describeLimit)).toEqual([
      '190 calls per 10 s',
      '25 in flight',
    ]);
  });

  it('reads every limit of a vendor that the documentation shows', () => {
    const page = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8');
    const shown = [...page.matchAll(/^\| [^|]+ \| `(\[\{.*?\}\])`/gm)].map(([, text]) => text ?? '');

    expect(shown.length).toBeGreaterThanOrEqual(8);
    expect(shown.filter((text) => parseLimits(parse(text)).length === 0)).toEqual([]);
  });

  it('reads quotas by calendar, with shares that are kept from lower priorities', () => {
    const [day, hour] = parseLimits([
      { ids: 650_000, per: 'day', time_zone: 'Europe/Berlin', reserve: { HIGH: '10%', MEDIUM: '2.5 %' } },
      { calls: 7, per: 'hour', margin: 0.5, reserve: { HIGH: '1%' } },
    ]);

    expect(day).toMatchObject({
      kind: 'calendar',
      counts: 'ids',
      maxByRank: { 0: 650_000, 1: 585_000, 2: 568_750 },
      calendar: { period: 'day', timeZone: 'Europe/Berlin' },
      marginUs: 1_000_000,
    });
    expect(hour).toMatchObject({
      maxByRank: { 0: 7, 1: 6, 2: 6 },
      calendar: { timeZone: 'UTC' },
      marginUs: 500_000,
    });
    expect(day && describeLimit(day)).toBe('650000 ids per day in Europe/Berlin');
  });

  it('takes every number up to its border', () => {
    expect(parseLimits(new Array(10).fill({ in_flight: 1 }))).toHaveLength(10);
    expect(
      parseLimits([
        { ids: 1e12, per: 0.001, margin: 3600 },
        { units: 1, per: 366 * 86_400, margin: 0 },
      ]),
    ).toMatchObject([
      { max: 1e12, perUs: 1000, marginUs: 3_600_000_000 },
      { max: 1, perUs: 366 * 86_400_000_000, marginUs: 0 },
    ]);
    expect(parseLimits([{ ids: 1, per: 'day', margin: 3600 }])).toMatchObject([{ marginUs: 3_600_000_000 }]);
  });

  it('lengthens a window to whole microseconds', () => {
    expect(parseLimits([{ ids: 1, per: 0.0010001, margin: 0.0000001 }])).toMatchObject([
      { perUs: 1001, marginUs: 1 },
    ]);
  });

  it('keeps all of a quota for each priority where nothing is reserved', () => {
    expect(parseLimits([{ ids: 9, per: 'week' }])).toMatchObject([{ maxByRank: { 0: 9, 1: 9, 2: 9 } }]);
  });

  it('takes a reserve in hundredths of a percent, and one that leaves one id for LOW', () => {
    expect(parseLimits([{ ids: 10, per: 'day', reserve: { HIGH: '90%' } }])).toMatchObject([
      { maxByRank: { 0: 10, 1: 1, 2: 1 } },
    ]);
    expect(parseLimits([{ ids: 10_000, per: 'day', reserve: { HIGH: '2.25%' } }])).toMatchObject([
      { maxByRank: { 1: 9775 } },
    ]);
  });

  it.each(['0%', '10', 'a10%', '10%a', '1000%', '10.%', '10.1234567%', '-1%', ''])(
    'refuses a reserve of %j',
    (share) => {
      expect(() => parseLimits([{ calls: 190, per: 'day', reserve: { HIGH: share } }])).toThrow(
        new LimitError(
          `[0].reserve.HIGH must be a share of more than 0% and less than 100%, such as 10%, not "${share}"`,
        ),
      );
    },
  );

  it.each([
    [
      { calls: 1, per: 1 },
      'must be a list such as [{ calls: 190, per: 10 }, { in_flight: 25 }], not "{"calls":1,"per":1}"',
    ],
    [new Array(11).fill({ in_flight: 1 }), 'must be at most 10 limits, not "11"'],
    [[null], '[0] must be a limit such as { calls: 190, per: 10 }, not "null"'],
    [[[{ calls: 1, per: 1 }]], '[0] must be a limit such as { calls: 190, per: 10 }'],
    [[{ calls: 1e12 + 1, per: 1 }], '[0].calls must be a number from 1 to 1000000000000'],
    [[{ calls: 1, per: 366 * 86_400 + 1 }], '[0].per must be a number of seconds from 0.001 to 31622400'],
    [[{ calls: 1, per: 0.0009 }], '[0].per must be a number of seconds from 0.001 to'],
    [[{ calls: 1, per: 1, margin: 3601 }], '[0].margin must be a number of seconds from 0 to 3600'],
    [
      [{ calls: 190, per: 'day', reserve: ['HIGH'] }],
      '[0].reserve must be shares by priority, such as { HIGH',
    ],
    [[{ calls: 190, per: 'day', reserve: null }], '[0].reserve must be shares by priority'],
    [[], 'must be a list'],
    [[7], '[0] must be a limit such as'],
    [[{ per: 1 }], '[0] must name exactly one of calls, ids, units, in_flight'],
    [[{ in_flight: 2 }, { calls: 1, ids: 1, per: 1 }], '[1] must name exactly one of'],
    [[{ calls: 0, per: 1 }], '[0].calls must be a number from 1 to'],
    [[{ ids: 1.5, per: 1 }], '[0].ids must be a whole number'],
    [[{ ids: Number.NaN, per: 1 }], '[0].ids must be a number from 1 to 1000000000000, not "NaN"'],
    [[{ calls: '190', per: 10 }], '[0].calls must be a number from 1 to'],
    [[{ units: 90, per: 1, spread: true }], '[0] has an unknown field "spread"; known: units, per, margin'],
    [[{ calls: 190 }], '[0].per must be a number of seconds from 0.001 to'],
    [[{ calls: 190, per: 'year' }], '[0].per must be a number of seconds, or one of hour, day, week, month'],
    [[{ calls: 190, per: 'day', spread: true }], '[0] has an unknown field "spread"'],
    [[{ calls: 190, per: 10, time_zone: 'UTC' }], '[0] has an unknown field "time_zone"'],
    [[{ calls: 190, per: 10, reserve: { HIGH: '10%' } }], '[0] has an unknown field "reserve"'],
    [[{ calls: 190, per: 'day', time_zone: 'Mars/Olympus' }], '[0].time_zone must be a time zone such as'],
    [[{ calls: 190, per: 'day', time_zone: 2 }], '[0].time_zone must be a time zone such as'],
    [[{ calls: 190, per: 'day', margin: 4000 }], '[0].margin must be a number of seconds from 0 to 3600'],
    [[{ calls: 190, per: 'day', reserve: 'HIGH' }], '[0].reserve must be shares by priority'],
    [[{ calls: 190, per: 'day', reserve: { LOW: '5%' } }], '[0].reserve.LOW reserves nothing'],
    [[{ calls: 190, per: 'day', reserve: { URGENT: '5%' } }], '[0].reserve has an unknown field "URGENT"'],
    [
      [{ calls: 190, per: 'day', reserve: { HIGH: '100%' } }],
      '[0].reserve.HIGH must be a share of more than',
    ],
    [[{ calls: 190, per: 'day', reserve: { HIGH: 19 } }], '[0].reserve.HIGH must be a share of more than'],
    [
      [{ calls: 10, per: 'day', reserve: { HIGH: '60%', MEDIUM: '40%' } }],
      '[0].reserve leaves nothing for LOW',
    ],
    [[{ calls: 190, per: 0 }], '[0].per must be a number of seconds from 0.001 to'],
    [[{ calls: 190, per: 1, margin: -1 }], '[0].margin must be a number of seconds from 0 to'],
    [[{ calls: 190, per: 1, spread: 'yes' }], '[0].spread must be true or false, not "yes"'],
    [[{ calls: 190, per: 1, burst: 3 }], '[0] has an unknown field "burst"'],
    [[{ in_flight: 5, per: 1 }], '[0] has an unknown field "per"'],
    [new Array(11).fill({ in_flight: 5 }), 'must be at most 10 limits'],
  ])('refuses %j with one line', (value, message) => {
    expect(() => parseLimits(value)).toThrow(message);
  });
});
