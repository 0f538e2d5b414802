import { describe, expect, it } from '@jest/globals';
import { toExactJson } from './exact-json.js';
import { idsToJson } from './ids-to-json.js';
import { countIds, indexesOf, MAX_ID, packIds, unpackBigIntIds, unpackIds, type Id } from './packed-ids.js';

/** Ids at each border: of 32 bits, of what a double holds exactly, of a signed integer, of the contract. */
const IDS: readonly Id[] = [
  1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n,
  MAX_ID,
];

describe('Packed ids', () => {
  it('are the same ids again, as numbers where a double holds them exactly', () => {
    expect(unpackIds(packIds(IDS))).toEqual(IDS);
    expect(unpackBigIntIds(packIds(IDS))).toEqual(IDS.map(BigInt));
  });

  it('are the same whether an id comes as a number or as a bigint', () => {
    expect(packIds(IDS.map(BigInt))).toEqual(packIds(IDS));
  });

  it('sort as bytes as their numbers do', () => {
    const packed = IDS.map((id) => packIds([id]));
    expect(packed.toSorted((a, b) => Buffer.compare(a, b))).toEqual(packed);
  });

  it('can be read from the middle of a larger buffer', () => {
    const part = packIds([5, ...IDS]).subarray(8);
    expect(unpackIds(part)).toEqual(IDS);
    expect(unpackBigIntIds(part)).toEqual(IDS.map(BigInt));
    expect(countIds(part)).toBe(IDS.length);
    expect(indexesOf(packIds([MAX_ID]), part)).toEqual([IDS.length - 1]);
  });

  it('are found wherever they stand, and not where the end of one and the beginning of the next look alike', () => {
    expect(indexesOf(packIds([7]), packIds([7, 8, 7, 7]))).toEqual([0, 2, 3]);
    expect(indexesOf(packIds([9]), packIds([7, 8, 7]))).toEqual([]);
    // One byte further on, the bytes of these two ids are those of the id 1.
    expect(indexesOf(packIds([1]), packIds([2 ** 40, 256, 1]))).toEqual([2]);
  });

  it('are written to JSON with all their digits', () => {
    expect(JSON.stringify(idsToJson(packIds(IDS)))).toBe(`[${IDS.map(String).join(',')}]`);
  });
});

describe('The result of an id', () => {
  it('is written to JSON with all digits of its integers', () => {
    expect(toExactJson({ id: MAX_ID, deep: [2n ** 63n, 1.5, 'text', null] })).toBe(
      '{"id":10000000000000000007,"deep":[9223372036854775808,1.5,"text",null]}',
    );
  });

  it('is none where JSON cannot hold it', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    for (const data of [undefined, () => 1, Symbol('s'), circle]) {
      expect(toExactJson(data)).toBeNull();
    }
  });
});
