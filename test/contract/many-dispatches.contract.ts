import { describe, expect, it } from '@jest/globals';
import type { Dispatch, Outcome } from '../../src/domain/dispatch.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, failed, idsOf, MINUTE, newIngestion, retryIn, SECOND, TERMS, useGate } from './gate.js';
import { resultsOf } from './results.js';
import { STORES } from './stores.js';

describe.each(STORES)('$name: many dispatches in one commit', (underTest) => {
  const gate = useGate(underTest);

  async function claimMany(
    maxDispatches: number,
    terms: { readonly batchSize?: number; readonly fairShare?: boolean } = {},
  ): Promise<readonly Dispatch[]> {
    const result = await gate.queue.claimMany({ ...TERMS, ...terms, maxDispatches });
    return result.kind === 'claimed' ? result.dispatches : [];
  }

  /** Completes each id with its number as the result. */
  function answers(dispatch: Dispatch): Outcome[] {
    return idsOf(dispatch).map((id) => ({ kind: 'completed', dataJson: String(id) }));
  }

  async function shownResults(id: string): Promise<(string | undefined)[]> {
    return (await resultsOf(gate.store, id)).map(({ dataJson }) => dataJson);
  }

  it('claims the same dispatches in the same order as single claims', async () => {
    await gate.accept('LOW', [1, 2, 3, 4, 5]);
    await gate.accept('HIGH', [6, 7, 8, 9]);
    await gate.accept('LOW', [10]);

    const dispatches = await claimMany(10);
    expect(dispatches.map(idsOf)).toEqual([[6n, 7n, 8n], [9n, 1n, 2n], [3n, 4n, 5n], [10n]]);
    const numbers = dispatches.map(({ dispatchNo }) => dispatchNo);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(await claimMany(10)).toEqual([]);
  });

  it('begins a batch for each dispatch that takes ids of a list', async () => {
    const id = await gate.accept('LOW', idRange(1, 8));
    await claimMany(2);
    await claimMany(5);

    const { ingestion, started } = await gate.find(id);
    expect(ingestion.dispatched).toBe(8);
    expect(started.map(({ first, size }) => [first, size])).toEqual([
      [0, 3],
      [3, 3],
      [6, 2],
    ]);
  });

  it('claims retries and new ids together, and each id once', async () => {
    await gate.accept('LOW', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), retryIn(SECOND));
    await gate.accept('LOW', [4, 5, 6, 7]);
    await gate.store.advance(MINUTE);

    const claims = await Promise.all([claimMany(2, { batchSize: 2 }), claimMany(9, { batchSize: 2 })]);
    expect(claims.flat().map(idsOf)).toEqual([[1n, 2n], [3n, 4n], [5n, 6n], [7n]]);
  });

  it('claims retries together with new ids of the same list', async () => {
    await gate.accept('LOW', idRange(1, 7));
    await gate.settle(await gate.dispatch(), [retryIn(SECOND), COMPLETED, retryIn(SECOND)]);
    await gate.store.advance(MINUTE);

    expect((await claimMany(2)).map(idsOf)).toEqual([
      [1n, 3n, 4n],
      [5n, 6n, 7n],
    ]);
  });

  it('lets clients take turns over several dispatches', async () => {
    await gate.acceptAll(
      ['ann', 'bob'].map((client, i) => ({
        ...newIngestion('LOW', idRange(10 * i + 1, 10 * i + 4)),
        client,
      })),
    );

    const dispatches = await claimMany(3, { batchSize: 2, fairShare: true });
    expect(dispatches.map(idsOf)).toEqual([
      [1n, 11n],
      [2n, 12n],
      [3n, 13n],
    ]);
  });

  it('settles many dispatches, each with outcomes of its own', async () => {
    const id = await gate.accept('LOW', idRange(1, 9));
    const [first, second, third] = await claimMany(3);
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error('too few dispatches');
    }
    await gate.settle(second, COMPLETED);
    const recorded = await gate.store.dispatches.settle([
      { dispatch: first, outcomes: [COMPLETED, failed(), retryIn(SECOND)] },
      { dispatch: second, outcomes: [COMPLETED, COMPLETED, COMPLETED] },
      { dispatch: third, outcomes: [COMPLETED, COMPLETED, COMPLETED] },
    ]);

    expect(recorded).toEqual([true, false, true]);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 7, failed: 1 });
    await gate.store.advance(MINUTE);
    expect((await claimMany(3)).map(idsOf)).toEqual([[3n]]);
  });

  it('settles what is in flight of many completed dispatches, and leaves the others', async () => {
    const id = await gate.accept('LOW', idRange(1, 9));
    const dispatches = await claimMany(3);
    const { leaseMs } = TERMS;
    await gate.store.advance(leaseMs / 2);
    await gate.store.dispatches.renewLeases([...dispatches.slice(0, 1), ...dispatches.slice(2)], leaseMs);
    await gate.store.advance(leaseMs / 2 + SECOND);
    expect(await gate.store.dispatches.reclaimExpired()).toHaveLength(1);
    const recorded = await gate.store.dispatches.settle(
      dispatches.map((dispatch) => ({ dispatch, outcomes: answers(dispatch) })),
    );

    expect(recorded).toEqual([true, false, true]);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 6, failed: 0 });
    expect(await shownResults(id)).toEqual(['1', '2', '3', undefined, undefined, undefined, '7', '8', '9']);
  });

  it('keeps each result in its place where many dispatches complete together', async () => {
    const id = await gate.accept('LOW', idRange(1, 5));
    await gate.settle(await gate.dispatch({ batchSize: 2 }), retryIn(SECOND));
    await gate.store.advance(MINUTE);
    const other = await gate.accept('LOW', idRange(6, 9));
    const dispatches = (await claimMany(9, { batchSize: 1 })).toReversed();
    const isInBetween = ({ parts: [part] }: Dispatch): boolean => part?.first === 1;
    for (const ended of [dispatches.filter((one) => !isInBetween(one)), dispatches.filter(isInBetween)]) {
      await gate.store.dispatches.settle(
        ended.map((dispatch) => ({ dispatch, outcomes: answers(dispatch) })),
      );
    }

    expect(await shownResults(id)).toEqual(['1', '2', '3', '4', '5']);
    expect(await shownResults(other)).toEqual(['6', '7', '8', '9']);
    const { ingestion, started } = await gate.find(id);
    expect(ingestion).toMatchObject({ completed: 5, failed: 0 });
    expect(started.map(({ size, completed }) => [size, completed])).toEqual([
      [2, 2],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it('releases many dispatches, whose ids go first', async () => {
    await gate.accept('LOW', idRange(1, 7));
    const dispatches = await claimMany(2);
    expect(await gate.store.dispatches.release(dispatches)).toEqual([true, true]);
    expect(await gate.store.dispatches.release(dispatches)).toEqual([false, false]);

    expect((await claimMany(3)).map(idsOf)).toEqual([[1n, 2n, 3n], [4n, 5n, 6n], [7n]]);
  });
});
