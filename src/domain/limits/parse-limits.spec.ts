import { describe, expect, it } from '@jest/globals';
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

  it.each([
    [{ calls: 1, per: 1 }, 'must be a list'],
    [[], 'must be a list'],
    [[7], '[0] must be a limit such as'],
    [[{ per: 1 }], '[0] must name exactly one of calls, ids, in_flight'],
    [[{ in_flight: 2 }, { calls: 1, ids: 1, per: 1 }], '[1] must name exactly one of'],
    [[{ calls: 0, per: 1 }], '[0].calls must be a number from 1 to'],
    [[{ ids: 1.5, per: 1 }], '[0].ids must be a whole number'],
    [[{ ids: Number.NaN, per: 1 }], '[0].ids must be a number from 1 to'],
    [[{ calls: '190', per: 10 }], '[0].calls must be a number from 1 to'],
    [[{ calls: 190 }], '[0].per must be a number of seconds from 0.001 to'],
    [[{ calls: 190, per: 'day' }], '[0].per must be a number of seconds from 0.001 to'],
    [[{ calls: 190, per: 0 }], '[0].per must be a number of seconds from 0.001 to'],
    [[{ calls: 190, per: 1, margin: -1 }], '[0].margin must be a number of seconds from 0 to'],
    [[{ calls: 190, per: 1, spread: 'yes' }], '[0].spread must be true or false'],
    [[{ calls: 190, per: 1, burst: 3 }], '[0] has an unknown field "burst"'],
    [[{ in_flight: 5, per: 1 }], '[0] has an unknown field "per"'],
    [new Array(11).fill({ in_flight: 5 }), 'must be at most 10 limits'],
  ])('refuses %j with one line', (value, message) => {
    expect(() => parseLimits(value)).toThrow(message);
  });
});
