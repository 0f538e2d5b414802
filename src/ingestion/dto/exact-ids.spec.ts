import { describe, expect, it } from '@jest/globals';
import type { Id } from '../../domain/packed-ids.js';
import { exactIds } from './exact-ids.js';
import { IdsAreInRange, IdsAreIntegers, listIdViolations } from './ids.validator.js';

/** Reads the ids of a body as the service does. */
function read(text: string): readonly Id[] {
  return exactIds((JSON.parse(text) as { ids: number[] }).ids, text);
}

function isAccepted(ids: unknown): boolean {
  return new IdsAreIntegers().validate(ids) && new IdsAreInRange().validate(ids);
}

describe('The ids of a body', () => {
  it('are read with all their digits, however the body is laid out', () => {
    const ids = [7, 9_007_199_254_740_991, 9_007_199_254_740_993n, 10_000_000_000_000_000_007n];
    expect(read(`{"ids":[${ids.join(',')}]}`)).toEqual(ids);
    expect(read(`{"priority":"LOW",\n\t"ids" : [ ${ids.join(' ,\n ')} ]}`)).toEqual(ids);
    expect(read(`{"\\u0069ds":[${ids.join(',')}]}`)).toEqual(ids);
  });

  it('are refused where they are not written as integers, even if their value is one', () => {
    for (const number of ['1.5', '1.0', '1e2', '1E2', '10000000000000000007.0']) {
      expect(isAccepted(read(`{"ids":[5,${number}]}`))).toBe(false);
      expect(isAccepted(read(`{"ids":[${number},9007199254740993]}`))).toBe(false);
    }
  });

  it('are refused at the places that are wrong, and only there', () => {
    const places = (text: string): string[] =>
      listIdViolations(read(text), 'shape').map(({ field }) => field);
    expect(places('{"ids":[5,1.5,9007199254740993,2e0]}')).toEqual(['ids[1]', 'ids[3]']);
  });

  it('are refused outside the range of the contract', () => {
    for (const number of ['0', '-1', '-9007199254740993', '10000000000000000008', '1'.repeat(400)]) {
      expect(isAccepted(read(`{"ids":[5,${number}]}`))).toBe(false);
    }
    for (const number of ['1', '9007199254740993', '10000000000000000007']) {
      expect(isAccepted(read(`{"ids":[5,${number}]}`))).toBe(true);
    }
  });

  it('are refused one by one, with their places', () => {
    const message = 'must be an integer from 1 to 10000000000000000007';
    const ids = [5, 'x', 0, 1.5, 10_000_000_000_000_000_008n];
    expect(listIdViolations(ids, 'shape')).toEqual([
      { field: 'ids[1]', message },
      { field: 'ids[3]', message },
    ]);
    expect(listIdViolations(ids, 'range')).toEqual([
      { field: 'ids[2]', message },
      { field: 'ids[4]', message },
    ]);
  });

  it('are refused with the first 20 places where all are wrong', () => {
    expect(listIdViolations(new Array<number>(1000).fill(0), 'range')).toHaveLength(20);
  });

  it('leave another shape to the checks of the shape', () => {
    expect(isAccepted('none')).toBe(true);
    expect(new IdsAreInRange().validate(['x', 5])).toBe(true);
    expect(isAccepted(['x'])).toBe(false);
  });

  it('must be in the text that they are looked up in', () => {
    expect(() => exactIds([1], '{"other":[1]}')).toThrow('no field ids');
  });
});
