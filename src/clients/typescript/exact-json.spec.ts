import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseExact, stringifyExact } from './exact-json.js';

describe('Exact JSON', () => {
  it.each([
    [
      '{"ids":[1,9007199254740993,10000000000000000007]}',
      { ids: [1n, 9007199254740993n, 10000000000000000007n] },
    ],
    ['{"id":1}', { id: 1n }],
    ['{"id":9007199254740991}', { id: 9007199254740991n }],
    ['{"id":9007199254740992}', { id: 9007199254740992n }],
    ['{"ids":[]}', { ids: [] }],
    [
      '{"batches":[{"ids":[3]}],"progress":{"total":1,"percent":33.3}}',
      { batches: [{ ids: [3n] }], progress: { total: 1, percent: 33.3 } },
    ],
    ['{"id":"a","ids":null}', { id: 'a', ids: null }],
    ['{"total":10000000000000000007}', { total: 10000000000000000007n }],
    [
      '{"big":1e400,"small":1.5e-7,"negative":-9007199254740993}',
      { big: Infinity, small: 1.5e-7, negative: -9007199254740993n },
    ],
    [
      '{"id":1,"data":{"id":2,"ids":[3,9007199254740993],"deep":[{"id":4}]}}',
      { id: 1n, data: { id: 2, ids: [3, 9007199254740993n], deep: [{ id: 4 }] } },
    ],
    ['{"data":7}', { data: 7 }],
    ['{"\\u0069d":1}', { id: 1n }],
    ['[9007199254740991,9007199254740992]', [9007199254740991, 9007199254740992n]],
    [
      '{"__proto__":{"ids":[1]}}',
      JSON.parse('{"__proto__":0}') &&
        Object.defineProperty({}, '__proto__', {
          value: { ids: [1n] },
          enumerable: true,
          writable: true,
          configurable: true,
        }),
    ],
    ['null', null],
  ])('reads %s', (text, value) => {
    expect(parseExact(text)).toEqual(value);
  });

  it('writes bigints as integers, and all else as JSON.stringify does', () => {
    expect(stringifyExact({ ids: [1n, 10000000000000000007n], priority: 'HIGH', none: undefined })).toBe(
      '{"ids":[1,10000000000000000007],"priority":"HIGH"}',
    );
  });

  it('gives every id back as it was', () => {
    const id = fc.bigInt({ min: 1n, max: 10000000000000000007n });
    fc.assert(
      fc.property(fc.array(id), id, (ids, one) => {
        expect(parseExact(stringifyExact({ ids, id: one }))).toEqual({ ids, id: one });
      }),
    );
  });

  it.each(['', '{"ids":[1,]}', '{'])('refuses %j', (text) => {
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });
});
