import { describe, expect, it } from '@jest/globals';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, failed, HOUR, MINUTE, newIngestion, retryIn, useGate } from './gate.js';
import { STORES } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const AGE_MS = 24 * HOUR;

describe.each(STORES)('$name: retention', (underTest) => {
  const gate = useGate(underTest);

  /** Removes everything expired; resolves with the number of steps. */
  async function removeAll(): Promise<number> {
    for (let steps = 1; ; steps++) {
      if (!(await gate.store.maintenance.deleteExpired(AGE_MS))) {
        return steps;
      }
    }
  }

  async function isKnown(ingestionId: string): Promise<boolean> {
    return (await gate.store.ingestions.findById(ingestionId)) !== null;
  }

  it('deletes nothing in a new store', async () => {
    expect(await gate.store.maintenance.deleteExpired(AGE_MS)).toBe(false);
  });

  it('deletes what ended long enough ago, completed or failed', async () => {
    const completed = await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), COMPLETED);
    const dead = await gate.accept('HIGH', [4]);
    await gate.settle(await gate.dispatch(), failed());
    await gate.store.advance(AGE_MS - HOUR);
    await removeAll();
    expect([await isKnown(completed), await isKnown(dead)]).toEqual([true, true]);

    await gate.store.advance(HOUR);
    await removeAll();
    expect([await isKnown(completed), await isKnown(dead)]).toEqual([false, false]);
    expect(await gate.store.ingestions.findById(dead)).toBeNull();
    expect(await listDeadLetters(gate.store, {}, null, 10)).toEqual([]);
    expect(await gate.store.deadLetters.redrive({}, Number.MAX_SAFE_INTEGER, 10)).toBe(0);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });

  it('deletes nothing that has not ended, however old', async () => {
    const waiting = await gate.accept('LOW', [1, 2, 3, 4]);
    await gate.settle(await gate.dispatch(), COMPLETED);
    const inFlight = await gate.accept('HIGH', [5]);
    const flying = await gate.dispatch({ batchSize: 1, leaseMs: 10 * AGE_MS });
    const retrying = await gate.accept('HIGH', [6]);
    await gate.settle(await gate.dispatch({ batchSize: 1 }), retryIn(10 * AGE_MS));
    await gate.store.advance(5 * AGE_MS);
    await removeAll();

    const known = await Promise.all([waiting, inFlight, retrying].map(isKnown));
    expect(known).toEqual([true, true, true]);
    expect(await gate.settle(flying, COMPLETED)).toBe(true);
    await gate.store.advance(10 * AGE_MS);
    expect((await gate.drain()).flat()).toEqual([6n, 4n]);
    expect((await gate.find(waiting)).ingestion).toMatchObject({ completed: 4 });
  });

  it('counts from the end of an ingestion, not from its acceptance', async () => {
    const slow = await gate.accept('LOW', [1]);
    await gate.store.advance(AGE_MS);
    await gate.drain();
    await removeAll();

    expect(await isKnown(slow)).toBe(true);
  });

  it('deletes a redriven ingestion only after its second end', async () => {
    const id = await gate.accept('LOW', [1]);
    await gate.settle(await gate.dispatch(), failed());
    await gate.store.advance(AGE_MS - HOUR);
    await gate.store.deadLetters.redrive({}, await gate.store.deadLetters.latestNumber(), 1);
    await gate.store.advance(2 * HOUR);
    await removeAll();
    expect(await isKnown(id)).toBe(true);

    await gate.drain();
    await gate.store.advance(AGE_MS - HOUR);
    await removeAll();
    expect(await isKnown(id)).toBe(true);
    await gate.store.advance(HOUR);
    await removeAll();
    expect(await isKnown(id)).toBe(false);
  });

  it('deletes a large list in small steps, others being accepted and sent between them', async () => {
    const large = await gate.accept('LOW', idRange(1, 6000));
    await gate.settle(await gate.dispatch({ batchSize: 6000 }), failed());
    await gate.store.advance(AGE_MS);

    let steps = 0;
    const between = [];
    while (await gate.store.maintenance.deleteExpired(AGE_MS)) {
      steps += 1;
      expect(await isKnown(large)).toBe(false);
      expect(await listDeadLetters(gate.store, {}, null, 10)).toEqual([]);
      expect(await gate.store.deadLetters.redrive({ kind: 'rejected' }, Number.MAX_SAFE_INTEGER, 10)).toBe(0);
      const ids = [steps * 10 + 1, steps * 10 + 2];
      between.push({ id: await gate.accept('HIGH', ids), ids: ids.map(BigInt) });
    }

    expect(steps).toBeGreaterThan(1);
    for (const { id, ids } of between) {
      expect(unpackBigIntIds((await gate.find(id)).packedIds)).toEqual(ids);
    }
    expect((await gate.drain()).flat()).toEqual(between.flatMap(({ ids }) => ids));
  });

  it('deletes a group of many small lists in small steps', async () => {
    const group = Array.from({ length: 1500 }, (_, i) => newIngestion('MEDIUM', [i + 1]));
    await gate.acceptAll(group);
    await gate.drain({ batchSize: 500 });
    await gate.store.advance(AGE_MS);

    expect(await removeAll()).toBeGreaterThan(2);
    for (const { ingestionId } of [group[0], group[749], group[1499]].filter((one) => one !== undefined)) {
      expect(await isKnown(ingestionId)).toBe(false);
    }
  });

  it('never takes a new ingestion for a deleted one', async () => {
    const before = await gate.accept('HIGH', [1]);
    const old = await gate.dispatch();
    await gate.settle(old, failed('old'));
    await gate.store.advance(AGE_MS);
    await removeAll();
    await gate.restart();

    const after = await gate.accept('HIGH', [2]);
    const dispatch = await gate.dispatch();
    expect(dispatch.dispatchNo).not.toBe(old.dispatchNo);
    expect(await gate.settle(old, COMPLETED)).toBe(false);
    await gate.settle(dispatch, failed('new'));
    expect(await isKnown(before)).toBe(false);
    expect(await listDeadLetters(gate.store, { ingestionId: after }, null, 10)).toMatchObject([
      { message: 'new', attempts: [{ message: 'new' }] },
    ]);
  });

  it('deletes dispatches whose ingestions go on, and keeps the history of their ids', async () => {
    await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), retryIn(3 * AGE_MS, 'first'));
    await gate.store.advance(2 * AGE_MS);
    await removeAll();
    await gate.restart();
    await gate.store.advance(AGE_MS + MINUTE);
    await gate.settle(await gate.dispatch(), failed('second'));

    const [letter] = await listDeadLetters(gate.store, {}, null, 10);
    expect(letter?.attempts.map(({ message }) => message)).toEqual(['first', 'second']);
  });

  it('goes on after a kill from where it was', async () => {
    const large = await gate.accept('LOW', idRange(1, 3000));
    await gate.settle(await gate.dispatch({ batchSize: 3000 }), failed());
    await gate.store.advance(AGE_MS);
    expect(await gate.store.maintenance.deleteExpired(AGE_MS)).toBe(true);
    await gate.restart();

    const next = await gate.accept('HIGH', [7]);
    await removeAll();
    expect(await isKnown(large)).toBe(false);
    expect(unpackBigIntIds((await gate.find(next)).packedIds)).toEqual([7n]);
    expect(await gate.drain()).toEqual([[7n]]);
  });
});
