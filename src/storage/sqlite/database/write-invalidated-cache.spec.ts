import { describe, expect, it } from '@jest/globals';
import { WriteInvalidatedCache } from './write-invalidated-cache.js';

describe('The write-invalidated cache', () => {
  it('reads again after a write, and not before', () => {
    const database = { writes: 0 };
    const kept = new WriteInvalidatedCache<string, string>(database);
    let reads = 0;
    const get = (key: string): string => kept.get(key, () => `${key} ${String((reads += 1))}`);
    expect(kept.find('a')).toBeUndefined();
    expect([get('a'), get('a'), get('b'), get('a')]).toEqual(['a 1', 'a 1', 'b 2', 'a 1']);
    expect(kept.find('a')).toBe('a 1');
    database.writes += 1;
    expect(kept.find('a')).toBeUndefined();
    expect([get('a'), get('b'), get('a')]).toEqual(['a 3', 'b 4', 'a 3']);
  });

  it('keeps nothing of a read that failed, and does not grow without end', () => {
    const kept = new WriteInvalidatedCache<number, number>({ writes: 0 });
    const fail = (): number => {
      throw new Error('the disk');
    };
    expect(() => kept.get(1, fail)).toThrow('the disk');
    expect(kept.get(1, () => 1)).toBe(1);
    for (let key = 2; key <= 2001; key++) {
      kept.get(key, () => key);
    }
    expect(kept.get(1, () => -1)).toBe(-1);
  });
});
