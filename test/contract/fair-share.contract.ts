import { describe, expect, it } from '@jest/globals';
import type { Priority } from '../../src/domain/priority.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, idsOf, newIngestion, retryIn, SECOND, useGate, TERMS } from './gate.js';
import { STORES } from './stores.js';
import { upcomingIn } from '../support/claims.js';

const FAIR = { fairShare: true };

describe.each(STORES)('$name shares fairly:', (underTest) => {
  const gate = useGate(underTest);

  async function accept(
    client: string | null,
    ids: readonly number[],
    priority: Priority = 'MEDIUM',
  ): Promise<void> {
    await gate.acceptAll([{ ...newIngestion(priority, ids), client }]);
  }

  it('sends three ids behind 100,000 of another client in the next dispatch and the one after', async () => {
    await accept('alice', idRange(1, 100_000));
    await accept('bob', [200_001, 200_002, 200_003]);
    const sent = [await gate.dispatch(FAIR), await gate.dispatch(FAIR)].map(idsOf);
    expect(sent).toEqual([
      [1n, 2n, 200_001n],
      [200_002n, 200_003n, 3n],
    ]);
  });

  it('lets clients take turns from the one after the last, each with its lists in their order', async () => {
    for (const [client, ...ids] of [
      ['carol', 1],
      ['alice', 2, 3],
      ['alice', 4],
      ['bob', 5],
      ['carol', 6, 7],
    ] as const) {
      await accept(client, ids);
    }
    expect(await gate.drain({ ...FAIR, batchSize: 2 })).toEqual([[2n, 5n], [1n, 3n], [6n, 4n], [7n]]);
  });

  it('gives the next turn to the client after the last one, also after a restart', async () => {
    await accept('alice', [1, 2, 3]);
    await accept('bob', [4, 5, 6]);
    expect(idsOf(await gate.dispatch({ ...FAIR, batchSize: 1 }))).toEqual([1n]);
    await gate.restart();
    await accept('aline', [7]);
    expect(idsOf(await gate.dispatch({ ...FAIR, batchSize: 1 }))).toEqual([7n]);
    expect(idsOf(await gate.dispatch({ ...FAIR, batchSize: 1 }))).toEqual([4n]);
    expect(idsOf(await gate.dispatch({ ...FAIR, batchSize: 1 }))).toEqual([2n]);
  });

  it('sends a higher priority first, and due retries before new ids, each turn within one priority', async () => {
    await accept('bob', [1, 2], 'LOW');
    await accept('alice', [3, 4], 'LOW');
    await accept('bob', [5], 'HIGH');
    const first = await gate.dispatch({ ...FAIR, batchSize: 2 });
    expect(idsOf(first)).toEqual([5n, 3n]);
    await gate.settle(first, [COMPLETED, retryIn(SECOND)]);
    await gate.store.advance(SECOND);
    expect(await gate.drain({ ...FAIR, batchSize: 3 })).toEqual([[3n, 1n, 4n], [2n]]);
  });

  it('fills a dispatch from as many lists of one client as it takes', async () => {
    await gate.acceptAll(idRange(1, 40).map((id) => ({ ...newIngestion('LOW', [id]), client: 'alice' })));
    await accept('bob', [100], 'LOW');
    await accept(null, [200], 'LOW');
    expect((await gate.drain({ ...FAIR, batchSize: 30 })).map((ids) => ids.length)).toEqual([30, 12]);
  });

  it('sends next what it shows as next', async () => {
    await accept('alice', idRange(1, 5));
    await accept('bob', [6, 7]);
    const next = await upcomingIn(gate.store, { ...TERMS, lane: DEFAULT_LANE, agingMs: null, ...FAIR }, 6);
    expect(next.flatMap(({ packedIds }) => unpackBigIntIds(packedIds))).toEqual([1n, 6n, 2n, 7n, 3n, 4n]);
    expect(await gate.drain({ ...FAIR, batchSize: 2 })).toEqual([[1n, 6n], [2n, 7n], [3n, 4n], [5n]]);
  });
});
