import { describe, expect, it } from '@jest/globals';
import { invalidLineError, parseId } from './parse-id.js';

describe('An id of a streamed list', () => {
  it('is a number while a double surely holds it, then a bigint', () => {
    expect(['1', '999999999999999', '1000000000000000', '10000000000000000007'].map(parseId)).toEqual([
      1,
      999_999_999_999_999,
      1_000_000_000_000_000n,
      10_000_000_000_000_000_007n,
    ]);
  });

  it.each(['', '0', '01', '-1', '+1', '1.0', '1e2', '1x', '10000000000000000008', '123456789012345678901'])(
    'is not %j',
    (text) => {
      expect(parseId(text)).toBeUndefined();
    },
  );

  it('is quoted in the error of its line, the first 40 characters of it', () => {
    const quoted = (text: string): string => invalidLineError(3, text).message;
    const rule = 'line 3 must be an integer from 1 to 10000000000000000007, not';
    expect(quoted('x'.repeat(40))).toBe(`${rule} "${'x'.repeat(40)}"`);
    expect(quoted('x'.repeat(41))).toBe(`${rule} "${'x'.repeat(40)}…"`);
  });
});
