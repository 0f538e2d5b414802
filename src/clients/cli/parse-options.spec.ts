import { describe, expect, it } from '@jest/globals';
import { parsePeriod, parsePriority } from './parse-options.js';

describe('An option of the command line', () => {
  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('reads the period %s', (text, ms) => {
    expect(parsePeriod(text)).toBe(ms);
  });

  it.each(['0h', '1', 'h', '1.5h', '-1h', '1w'])('refuses the period %j', (text) => {
    expect(() => parsePeriod(text)).toThrow('must be a period such as');
  });

  it('reads a priority in any case, and no other word', () => {
    expect([parsePriority('high'), parsePriority('Low')]).toEqual(['HIGH', 'LOW']);
    expect(() => parsePriority('urgent')).toThrow('Allowed choices are');
  });
});
