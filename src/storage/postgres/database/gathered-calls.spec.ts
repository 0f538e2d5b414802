import { describe, expect, it } from '@jest/globals';
import { GatheredCalls } from './gathered-calls.js';

describe('Calls that are gathered', () => {
  it('run together if they come at the same moment, each with its own result', async () => {
    const groups: (readonly number[])[] = [];
    const calls = new GatheredCalls(async (items: readonly number[]) => {
      groups.push(items);
      return Promise.resolve(items.map((item) => 10 * item));
    }, 2);

    expect(await Promise.all([1, 2, 3].map((item) => calls.add(item)))).toEqual([10, 20, 30]);
    expect(await calls.add(4)).toBe(40);
    expect(groups).toEqual([[1, 2], [3], [4]]);
  });

  it('fail with those of their group, and with no others', async () => {
    const calls = new GatheredCalls<number, number>(
      (items) => (items.includes(2) ? Promise.reject(new Error('refused')) : Promise.resolve(items)),
      2,
    );
    const ends = await Promise.allSettled([1, 2, 3].map((item) => calls.add(item)));

    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });
});
