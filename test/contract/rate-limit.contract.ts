import { describe, expect, it } from '@jest/globals';
import { MINUTE, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

const RATE = { limit: 6, windowMs: MINUTE };

describe.each(STORES)('$name: token buckets', (underTest) => {
  const gate = useGate(underTest);

  const take = async (key: string, amount: number, allowDebt = false): Promise<[boolean, number]> => {
    const { isAllowed, fullInMs } = await gate.store.rateLimits.consume({ key, amount, allowDebt }, RATE);
    return [isAllowed, Math.round(fullInMs / (10 * SECOND))];
  };

  it('fill evenly, each for itself', async () => {
    expect(await take('a', 4)).toEqual([true, 4]);
    expect(await take('a', 3)).toEqual([false, 4]);
    expect(await take('a', 2)).toEqual([true, 6]);
    expect(await take('a', 1)).toEqual([false, 6]);
    expect(await take('b', 6)).toEqual([true, 6]);
    await gate.store.advance(10 * SECOND + 1);
    expect(await take('a', 1)).toEqual([true, 6]);
    await gate.store.advance(2 * MINUTE);
    expect(await take('a', 6)).toEqual([true, 6]);
  });

  it('let a full bucket give more than it holds, and owe it', async () => {
    expect(await take('a', 1)).toEqual([true, 1]);
    expect(await take('a', 12)).toEqual([false, 1]);
    await gate.store.advance(11 * SECOND);
    expect(await take('a', 12)).toEqual([true, 12]);
    await gate.store.advance(MINUTE);
    expect(await take('a', 1)).toEqual([false, 6]);
    expect(await take('a', 1, true)).toEqual([true, 7]);
  });

  it('give each token once, also when many ask at the same moment', async () => {
    const taken = await Promise.all(Array.from({ length: 12 }, () => take('a', 1)));
    expect(taken.filter(([isAllowed]) => isAllowed)).toHaveLength(6);
    await gate.store.maintenance.deleteExpired(MINUTE);
    expect(await take('a', 1)).toEqual([false, 6]);
  });
});
