import { describe, expect, it } from '@jest/globals';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, idsOf, MINUTE, newIngestion, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

describe.each(STORES)('$name: claim order', (underTest) => {
  const gate = useGate(underTest);

  it('claims nothing where nothing waits', async () => {
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });

  it('claims HIGH before MEDIUM before LOW, whenever they came', async () => {
    await gate.accept('LOW', [1, 2]);
    await gate.accept('MEDIUM', [3, 4]);
    await gate.accept('HIGH', [5, 6]);

    expect(await gate.drain({ batchSize: 1 })).toEqual([[5n], [6n], [3n], [4n], [1n], [2n]]);
  });

  it('keeps the order of acceptance within a priority', async () => {
    for (const id of [5, 3, 8, 1]) {
      await gate.accept('MEDIUM', [id]);
    }

    expect(await gate.drain({ batchSize: 1 })).toEqual([[5n], [3n], [8n], [1n]]);
  });

  it('fills a dispatch across ingestions, each part with the ingestion it belongs to', async () => {
    const first = await gate.accept('MEDIUM', [1, 2]);
    const second = await gate.accept('MEDIUM', [3]);
    const third = await gate.accept('LOW', [4, 5]);

    const { parts } = await gate.dispatch({ batchSize: 4 });
    expect(parts.map((part) => ({ ...part, packedIds: unpackBigIntIds(part.packedIds) }))).toEqual([
      { ingestionId: first, batchNo: 0, first: 0, size: 2, failures: 0, packedIds: [1n, 2n] },
      { ingestionId: second, batchNo: 0, first: 0, size: 1, failures: 0, packedIds: [3n] },
      { ingestionId: third, batchNo: 0, first: 0, size: 1, failures: 0, packedIds: [4n] },
    ]);
  });

  it('claims a short dispatch only when nothing else waits', async () => {
    await gate.accept('LOW', [1, 2, 3, 4]);
    await gate.accept('HIGH', [5]);

    expect(await gate.drain()).toEqual([
      [5n, 1n, 2n],
      [3n, 4n],
    ]);
  });

  it('claims the example of the contract as it stands there', async () => {
    const one = await gate.accept('MEDIUM', [1, 2, 3, 4, 5]);
    const began = [idsOf(await gate.dispatch())];
    const two = await gate.accept('HIGH', [6, 7, 8, 9]);
    began.push(idsOf(await gate.dispatch()), idsOf(await gate.dispatch()));

    expect(began).toEqual([
      [1n, 2n, 3n],
      [6n, 7n, 8n],
      [9n, 4n, 5n],
    ]);
    expect((await gate.find(one)).started).toMatchObject([
      { first: 0, size: 3 },
      { first: 3, size: 2 },
    ]);
    expect((await gate.find(two)).started).toMatchObject([
      { first: 0, size: 3 },
      { first: 3, size: 1 },
    ]);
  });

  it('shrinks a planned batch to the part that it claims, and regroups the rest behind', async () => {
    const low = await gate.accept('LOW', [1, 2, 3, 4, 5, 6, 7]);
    for (const id of [11, 12]) {
      await gate.accept('HIGH', [id, id + 10]);
      await gate.dispatch();
    }
    await gate.drain();

    const { ingestion, started } = await gate.find(low);
    expect(ingestion).toMatchObject({ dispatched: 7, total: 7, completed: 5 });
    expect(started.map(({ first, size }) => [first, size])).toEqual([
      [0, 1],
      [1, 1],
      [2, 3],
      [5, 2],
    ]);
  });

  it('claims the ids of a dispatch in flight no second time', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4]);

    expect(idsOf(await gate.dispatch())).toEqual([1n, 2n, 3n]);
    expect(idsOf(await gate.dispatch())).toEqual([4n]);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });

  it('claims each id once also when many claim at the same time', async () => {
    await gate.accept('LOW', idRange(1, 60));

    const claims = await Promise.all(Array.from({ length: 30 }, () => gate.claim()));

    const ids = claims.flatMap((claim) => (claim.kind === 'dispatch' ? idsOf(claim.dispatch) : []));
    expect(ids.sort((a, b) => Number(a - b))).toEqual(Array.from({ length: 60 }, (_, i) => BigInt(i + 1)));
    const numbers = claims.flatMap((claim) => (claim.kind === 'dispatch' ? claim.dispatch.dispatchNo : []));
    expect(new Set(numbers).size).toBe(20);
  });

  it('claims due retries before new ids of their priority and after those of a higher one', async () => {
    await gate.accept('MEDIUM', [1, 2]);
    await gate.settle(await gate.dispatch(), retryIn(SECOND));
    await gate.accept('LOW', [3]);
    await gate.accept('MEDIUM', [4]);
    await gate.accept('HIGH', [5]);
    await gate.store.advance(MINUTE);

    expect(await gate.drain({ batchSize: 1 })).toEqual([[5n], [1n], [2n], [4n], [3n]]);
  });

  it('claims retries of a priority in the order in which they fell due', async () => {
    await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), [
      retryIn(30 * SECOND),
      retryIn(10 * SECOND),
      retryIn(20 * SECOND),
    ]);
    await gate.store.advance(MINUTE);

    expect(await gate.drain({ batchSize: 1 })).toEqual([[2n], [3n], [1n]]);
  });

  it('orders retries that fall due together by acceptance, then by place in the list', async () => {
    await gate.accept('HIGH', [3, 1]);
    await gate.accept('HIGH', [2]);
    await gate.settle(await gate.dispatch(), retryIn(SECOND));
    await gate.store.advance(MINUTE);

    expect(await gate.drain({ batchSize: 1 })).toEqual([[3n], [1n], [2n]]);
  });

  it('mixes retries of all priorities with new ids into one dispatch', async () => {
    await gate.accept('HIGH', [1]);
    await gate.accept('LOW', [2]);
    const sent = await gate.dispatch();
    await gate.settle(sent, retryIn(SECOND));
    await gate.accept('MEDIUM', [3]);
    await gate.accept('LOW', [4]);
    await gate.store.advance(MINUTE);

    const { parts } = await gate.dispatch({ batchSize: 10 });
    expect(parts.map(({ batchNo, failures }) => [batchNo, failures])).toEqual([
      [0, 1],
      [0, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(idsOf({ ...sent, parts })).toEqual([1n, 3n, 2n, 4n]);
  });

  it('claims a thousand small ingestions into one large dispatch', async () => {
    await gate.acceptAll(Array.from({ length: 1000 }, (_, i) => newIngestion('LOW', [i + 1])));

    const dispatch = await gate.dispatch({ batchSize: 5000 });
    expect(idsOf(dispatch)).toEqual(Array.from({ length: 1000 }, (_, i) => BigInt(i + 1)));
    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    expect(await gate.claim()).toMatchObject({ kind: 'nothing_due' });
  });

  it('gives each dispatch an id that no other dispatch has', async () => {
    await gate.accept('LOW', [1, 2, 3, 4]);
    const [first, second] = [await gate.dispatch(), await gate.dispatch()];

    expect(first.dispatchId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(second.dispatchId).not.toBe(first.dispatchId);
    expect(second.dispatchNo).not.toBe(first.dispatchNo);
  });

  it('claims the rest of a list after a kill, from where it stood', async () => {
    await gate.accept('MEDIUM', [1, 2, 3, 4, 5]);
    await gate.settle(await gate.dispatch(), COMPLETED);
    await gate.restart();

    expect(await gate.drain()).toEqual([[4n, 5n]]);
  });
});
