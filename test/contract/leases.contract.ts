import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { COMPLETED, failed, idsOf, MINUTE, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

const LEASE = { leaseMs: 10 * MINUTE };
const NO_SUCH_DISPATCH = {
  lane: DEFAULT_LANE,
  dispatchNo: 987_654,
  dispatchId: '01980000-0000-7000-8000-000000000000',
};

describe.each(STORES)('$name holds a lease on a dispatch:', (underTest) => {
  const gate = useGate(underTest);

  it('while it lasts, nobody takes it over', async () => {
    await gate.accept('HIGH', [1]);
    await gate.dispatch(LEASE);
    await gate.store.advance(9 * MINUTE);

    expect(await gate.store.dispatches.reclaimExpired()).toEqual([]);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });

  it('once it lapsed, its ids are due at once, at their place and with their failures', async () => {
    const id = await gate.accept('MEDIUM', [1, 2, 3]);
    await gate.settle(await gate.dispatch(LEASE), retryIn(SECOND));
    await gate.store.advance(MINUTE);
    const { dispatchId, parts } = await gate.dispatch(LEASE);
    await gate.store.advance(LEASE.leaseMs);

    expect(await gate.store.dispatches.reclaimExpired()).toEqual([dispatchId]);

    const again = await gate.dispatch(LEASE);
    expect(again.dispatchId).not.toBe(dispatchId);
    expect(again.parts).toEqual(parts);
    expect(again.parts).toMatchObject([1, 2, 3].map((_, first) => ({ ingestionId: id, first, failures: 1 })));
  });

  it('a batch that had begun keeps its ids when they go again', async () => {
    const id = await gate.accept('MEDIUM', [1, 2, 3, 4]);
    await gate.dispatch(LEASE);
    const { started } = await gate.find(id);
    await gate.store.advance(LEASE.leaseMs);
    await gate.store.dispatches.reclaimExpired();
    const again = await gate.dispatch({ ...LEASE, batchSize: 2 });

    expect(idsOf(again)).toEqual([1n, 2n]);
    expect((await gate.find(id)).started).toEqual(started);
    expect((await gate.find(id)).ingestion).toMatchObject({ dispatched: 3, completed: 0 });
  });

  it('it is taken over once, also when many try at the same moment', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4, 5]);
    const [first, second] = [await gate.dispatch(LEASE), await gate.dispatch(LEASE)];
    await gate.store.advance(LEASE.leaseMs);

    const taken = await Promise.all(Array.from({ length: 10 }, () => gate.store.dispatches.reclaimExpired()));

    expect(taken.flat().sort()).toEqual([first.dispatchId, second.dispatchId].sort());
    expect(await gate.store.dispatches.reclaimExpired()).toEqual([]);
    expect((await gate.drain()).flat()).toEqual([1n, 2n, 3n, 4n, 5n]);
  });

  it('renewed, it lasts from then on', async () => {
    await gate.accept('HIGH', [1, 2]);
    const renewed = await gate.dispatch({ ...LEASE, batchSize: 1 });
    const left = await gate.dispatch({ ...LEASE, batchSize: 1 });
    await gate.store.advance(9 * MINUTE);
    await gate.store.dispatches.renewLeases([renewed], LEASE.leaseMs);
    await gate.store.advance(9 * MINUTE);

    expect(await gate.store.dispatches.reclaimExpired()).toEqual([left.dispatchId]);
    await gate.store.advance(MINUTE);
    expect(await gate.store.dispatches.reclaimExpired()).toEqual([renewed.dispatchId]);
  });

  it('a renewal brings nothing back that has ended, and minds no unknown number', async () => {
    await gate.accept('HIGH', [1, 2]);
    const settled = await gate.dispatch({ ...LEASE, batchSize: 1 });
    const lapsed = await gate.dispatch({ ...LEASE, batchSize: 1 });
    await gate.settle(settled, COMPLETED);
    await gate.store.advance(LEASE.leaseMs);
    await gate.store.dispatches.reclaimExpired();

    await gate.store.dispatches.renewLeases([], LEASE.leaseMs);
    await gate.store.dispatches.renewLeases([settled, lapsed, NO_SUCH_DISPATCH], LEASE.leaseMs);

    expect(await gate.settle(lapsed, COMPLETED)).toBe(false);
    expect(await gate.drain()).toEqual([[2n]]);
  });

  it('a kill leaves it to be taken over, and no id is lost', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4]);
    const { dispatchId } = await gate.dispatch(LEASE);
    await gate.restart();
    await gate.store.advance(LEASE.leaseMs);

    expect(await gate.store.dispatches.reclaimExpired()).toEqual([dispatchId]);
    expect((await gate.drain()).flat().sort()).toEqual([1n, 2n, 3n, 4n]);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 4, failed: 0 });
  });
});

describe.each(STORES)('$name lets only the holder of a dispatch settle it:', (underTest) => {
  const gate = useGate(underTest);

  it('an outcome after the take-over is dropped and changes nothing', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    const late = await gate.dispatch(LEASE);
    await gate.store.advance(LEASE.leaseMs);
    await gate.store.dispatches.reclaimExpired();
    const before = await gate.find(id);

    expect(await gate.settle(late, [COMPLETED, failed(), retryIn(SECOND)])).toBe(false);

    expect(await gate.find(id)).toEqual(before);
    expect(await gate.store.deadLetters.list({}, null, 10)).toEqual([]);
    expect(await gate.drain()).toEqual([[1n, 2n, 3n]]);
  });

  it('an outcome after the ids went again does not touch the new dispatch', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    const late = await gate.dispatch(LEASE);
    await gate.store.advance(LEASE.leaseMs);
    await gate.store.dispatches.reclaimExpired();
    const again = await gate.dispatch(LEASE);

    expect(await gate.settle(late, failed())).toBe(false);
    expect(await gate.store.dispatches.release(late)).toBe(false);
    expect(await gate.settle(again, COMPLETED)).toBe(true);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 3, failed: 0 });
  });

  it('an outcome whose lease lapsed but that nobody took over still counts', async () => {
    const id = await gate.accept('HIGH', [1]);
    const dispatch = await gate.dispatch(LEASE);
    await gate.store.advance(2 * LEASE.leaseMs);

    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    expect(await gate.store.dispatches.reclaimExpired()).toEqual([]);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 1 });
  });

  it('a second outcome is dropped', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    const dispatch = await gate.dispatch();
    await gate.settle(dispatch, COMPLETED);
    const before = await gate.find(id);

    expect(await gate.settle(dispatch, failed())).toBe(false);
    expect(await gate.settle(dispatch, COMPLETED)).toBe(false);
    expect(await gate.find(id)).toEqual(before);
  });

  it('one of an outcome and a take-over at the same moment counts, never both', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await gate.accept('HIGH', [1]);
      const dispatch = await gate.dispatch(LEASE);
      await gate.store.advance(LEASE.leaseMs);

      const [settled, taken] = await Promise.all([
        gate.settle(dispatch, COMPLETED),
        gate.store.dispatches.reclaimExpired(),
      ]);

      expect(taken).toEqual(settled ? [] : [dispatch.dispatchId]);
      expect(await gate.drain()).toEqual(settled ? [] : [[1n]]);
      expect((await gate.find(id)).ingestion).toMatchObject({ completed: 1, failed: 0 });
    }
  });

  it('an unknown dispatch has no outcome', async () => {
    expect(await gate.store.dispatches.settle(NO_SUCH_DISPATCH, [COMPLETED])).toBe(false);
    expect(await gate.store.dispatches.release(NO_SUCH_DISPATCH)).toBe(false);
  });
});

describe.each(STORES)('$name releases a dispatch:', (underTest) => {
  const gate = useGate(underTest);

  it('its ids are due at once, no attempt counted, and its outcome comes too late', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    const dispatch = await gate.dispatch(LEASE);

    expect(await gate.store.dispatches.release(dispatch)).toBe(true);

    expect(await gate.store.dispatches.release(dispatch)).toBe(false);
    expect(await gate.settle(dispatch, COMPLETED)).toBe(false);
    const again = await gate.dispatch();
    expect(again.parts).toMatchObject([
      { first: 0, failures: 0 },
      { first: 1, failures: 0 },
    ]);
    await gate.settle(again, COMPLETED);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 2, failed: 0 });
  });

  it('a dispatch that has its outcome stays as it is', async () => {
    await gate.accept('HIGH', [1]);
    const dispatch = await gate.dispatch();
    await gate.settle(dispatch, COMPLETED);

    expect(await gate.store.dispatches.release(dispatch)).toBe(false);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });
});
