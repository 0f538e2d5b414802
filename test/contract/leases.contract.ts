import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { COMPLETED, failed, idsOf, MINUTE, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';
import { releaseOne, settleOne } from '../support/claims.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const LEASE = { leaseMs: 10 * MINUTE };
const NO_SUCH_DISPATCH = {
  lane: DEFAULT_LANE,
  dispatchNo: 987_654,
  dispatchId: '01980000-0000-7000-8000-000000000000',
};

describe.each(STORES)('$name holds a lease on a dispatch:', (underTest) => {
  const gate = useGate(underTest);

  it('is not reclaimed while the lease lasts', async () => {
    await gate.accept('HIGH', [1]);
    await gate.dispatch(LEASE);
    await gate.store.advance(9 * MINUTE);

    expect(await gate.store.dispatches.reclaimExpired()).toEqual([]);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });

  it('makes the ids due at once when the lease lapsed, at their place and with their failures', async () => {
    const id = await gate.accept('MEDIUM', [1, 2, 3]);
    await gate.settle(await gate.dispatch(LEASE), retryIn(SECOND));
    await gate.store.advance(MINUTE);
    const { dispatchId, parts } = await gate.dispatch(LEASE);
    await gate.store.advance(LEASE.leaseMs);

    expect(await gate.store.dispatches.reclaimExpired()).toEqual([dispatchId]);

    const again = await gate.dispatch(LEASE);
    expect(again.dispatchId).not.toBe(dispatchId);
    expect(again.parts).toMatchObject(parts);
    expect(again.parts).toMatchObject([1, 2, 3].map((_, first) => ({ ingestionId: id, first, failures: 1 })));
  });

  it('keeps a begun batch as it is when its ids are sent again', async () => {
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

  it('is reclaimed once, also when many try at the same moment', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4, 5]);
    const [first, second] = [await gate.dispatch(LEASE), await gate.dispatch(LEASE)];
    await gate.store.advance(LEASE.leaseMs);

    const taken = await Promise.all(Array.from({ length: 10 }, () => gate.store.dispatches.reclaimExpired()));

    expect(taken.flat().sort()).toEqual([first.dispatchId, second.dispatchId].sort());
    expect(await gate.store.dispatches.reclaimExpired()).toEqual([]);
    expect((await gate.drain()).flat()).toEqual([1n, 2n, 3n, 4n, 5n]);
  });

  it('lasts from the renewal on', async () => {
    await gate.accept('HIGH', [1, 2]);
    const renewed = await gate.dispatch({ ...LEASE, batchSize: 1 });
    const left = await gate.dispatch({ ...LEASE, batchSize: 1 });
    await gate.store.advance(9 * MINUTE);
    expect(await gate.store.dispatches.renewLeases([renewed], LEASE.leaseMs)).toEqual([renewed]);
    await gate.store.advance(9 * MINUTE);

    expect(await gate.store.dispatches.reclaimExpired()).toEqual([left.dispatchId]);
    await gate.store.advance(MINUTE);
    expect(await gate.store.dispatches.reclaimExpired()).toEqual([renewed.dispatchId]);
  });

  it('revives no ended dispatch by a renewal, and ignores unknown numbers', async () => {
    await gate.accept('HIGH', [1, 2]);
    const settled = await gate.dispatch({ ...LEASE, batchSize: 1 });
    const lapsed = await gate.dispatch({ ...LEASE, batchSize: 1 });
    await gate.settle(settled, COMPLETED);
    await gate.store.advance(LEASE.leaseMs);
    await gate.store.dispatches.reclaimExpired();

    expect(await gate.store.dispatches.renewLeases([], LEASE.leaseMs)).toEqual([]);
    const ended = [settled, lapsed, NO_SUCH_DISPATCH];
    expect(await gate.store.dispatches.renewLeases(ended, LEASE.leaseMs)).toEqual([]);

    expect(await gate.settle(lapsed, COMPLETED)).toBe(false);
    expect(await gate.drain()).toEqual([[2n]]);
  });

  it('can be reclaimed after a kill, and loses no id', async () => {
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

  it('drops an outcome that comes after the reclaim, and changes nothing', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    const late = await gate.dispatch(LEASE);
    await gate.store.advance(LEASE.leaseMs);
    await gate.store.dispatches.reclaimExpired();
    const before = await gate.find(id);

    expect(await gate.settle(late, [COMPLETED, failed(), retryIn(SECOND)])).toBe(false);

    expect(await gate.find(id)).toEqual(before);
    expect(await listDeadLetters(gate.store, {}, null, 10)).toEqual([]);
    expect(await gate.drain()).toEqual([[1n, 2n, 3n]]);
  });

  it('does not touch the new dispatch by an outcome of the old one', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    const late = await gate.dispatch(LEASE);
    await gate.store.advance(LEASE.leaseMs);
    await gate.store.dispatches.reclaimExpired();
    const again = await gate.dispatch(LEASE);

    expect(await gate.settle(late, failed())).toBe(false);
    expect(await gate.release(late)).toBe(false);
    expect(await gate.settle(again, COMPLETED)).toBe(true);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 3, failed: 0 });
  });

  it('takes an outcome after the lease lapsed, where nobody reclaimed it', async () => {
    const id = await gate.accept('HIGH', [1]);
    const dispatch = await gate.dispatch(LEASE);
    await gate.store.advance(2 * LEASE.leaseMs);

    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    expect(await gate.store.dispatches.reclaimExpired()).toEqual([]);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 1 });
  });

  it('drops a second outcome', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    const dispatch = await gate.dispatch();
    await gate.settle(dispatch, COMPLETED);
    const before = await gate.find(id);

    expect(await gate.settle(dispatch, failed())).toBe(false);
    expect(await gate.settle(dispatch, COMPLETED)).toBe(false);
    expect(await gate.find(id)).toEqual(before);
  });

  it('lets either an outcome or a reclaim at the same moment count, never both', async () => {
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

  it('drops the outcome of an unknown dispatch', async () => {
    expect(await settleOne(gate.store, NO_SUCH_DISPATCH, [COMPLETED])).toBe(false);
    expect(await releaseOne(gate.store, NO_SUCH_DISPATCH)).toBe(false);
  });
});

describe.each(STORES)('$name releases a dispatch:', (underTest) => {
  const gate = useGate(underTest);

  it('makes its ids due at once, counts no attempt, and drops its later outcome', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    const dispatch = await gate.dispatch(LEASE);

    expect(await gate.release(dispatch)).toBe(true);

    expect(await gate.release(dispatch)).toBe(false);
    expect(await gate.settle(dispatch, COMPLETED)).toBe(false);
    const again = await gate.dispatch();
    expect(again.parts).toMatchObject([
      { first: 0, failures: 0 },
      { first: 1, failures: 0 },
    ]);
    await gate.settle(again, COMPLETED);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 2, failed: 0 });
  });

  it('leaves a settled dispatch as it is', async () => {
    await gate.accept('HIGH', [1]);
    const dispatch = await gate.dispatch();
    await gate.settle(dispatch, COMPLETED);

    expect(await gate.release(dispatch)).toBe(false);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });
});
