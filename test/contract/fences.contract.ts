import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ClaimedDelivery } from '../../src/domain/webhook-delivery.js';
import { COMPLETED, failed, MINUTE, newIngestion, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';
import { releaseOne, settleOne } from '../support/claims.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const LEASE = { leaseMs: 10 * MINUTE };

/**
 * A standby promoted without the last transactions, or a restored backup, assigns the same dispatch numbers
 * again: a dispatch that a process still holds under such a number belongs to a lost history.
 */
describe.each(STORES)('$name, whose history repeats the numbers of dispatches,', (underTest) => {
  const gate = useGate(underTest);

  it('records no outcome of a dispatch that is gone for the one that has its number now', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    const dispatch = await gate.dispatch(LEASE);
    const gone = { ...dispatch, dispatchId: randomUUID() };
    const before = await gate.find(id);

    for (const outcome of [COMPLETED, failed(), retryIn(SECOND), { kind: 'postponed' } as const]) {
      expect(await gate.settle(gone, outcome)).toBe(false);
    }

    expect(await gate.find(id)).toEqual(before);
    expect(await listDeadLetters(gate.store, {}, null, 10)).toEqual([]);
    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 3, failed: 0 });
  });

  it('drops an outcome also where the one that has its number now carries another count of ids', async () => {
    await gate.accept('HIGH', [1, 2, 3]);
    const dispatch = await gate.dispatch(LEASE);
    const gone = { ...dispatch, dispatchId: randomUUID() };

    expect(await settleOne(gate.store, gone, [COMPLETED])).toBe(false);
    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    expect(await settleOne(gate.store, gone, [COMPLETED])).toBe(false);
  });

  it('releases nothing of the one that has its number now', async () => {
    await gate.accept('HIGH', [1, 2, 3]);
    const dispatch = await gate.dispatch(LEASE);

    expect(await releaseOne(gate.store, { ...dispatch, dispatchId: randomUUID() })).toBe(false);

    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
  });

  it('prolongs no lease but that of the dispatch that was claimed', async () => {
    await gate.accept('HIGH', [1, 2]);
    const renewed = await gate.dispatch({ ...LEASE, batchSize: 1 });
    const left = await gate.dispatch({ ...LEASE, batchSize: 1 });
    await gate.store.advance(9 * MINUTE);
    const held = [renewed, { ...left, dispatchId: randomUUID() }];
    expect(await gate.store.dispatches.renewLeases(held, LEASE.leaseMs)).toEqual([renewed]);
    const other = [{ ...left, dispatchId: renewed.dispatchId }];
    expect(await gate.store.dispatches.renewLeases(other, LEASE.leaseMs)).toEqual([]);
    await gate.store.advance(2 * MINUTE);

    expect(await gate.store.dispatches.reclaimExpired()).toEqual([left.dispatchId]);
  });
});

describe.each(STORES)('$name, whose history repeats other numbers,', (underTest) => {
  const gate = useGate(underTest);

  async function claimDelivery(): Promise<ClaimedDelivery> {
    await gate.acceptAll([{ ...newIngestion('HIGH', [1]), callbackUrl: 'https://receiver.example/hook' }]);
    await gate.drain();
    const [claimed] = await gate.store.deliveries.claim(1, MINUTE);
    if (claimed === undefined) {
      throw new Error('no delivery to claim');
    }
    return claimed;
  }

  it('records no attempt at a delivery that is gone for the one that has its number now', async () => {
    const claimed = await claimDelivery();
    const delivered = { state: 'delivered', httpStatus: 200, error: null } as const;

    expect(await gate.store.deliveries.record({ ...claimed, deliveryId: randomUUID() }, delivered)).toBe(
      false,
    );

    expect(await gate.store.deliveries.list({}, null, 10)).toMatchObject([{ state: 'pending', attempts: 1 }]);
    expect(await gate.store.deliveries.record(claimed, delivered)).toBe(true);
  });

  it('reads no ids of a list that has the number of one that is gone', async () => {
    const { seq } = (await gate.find(await gate.accept('HIGH', [1, 2, 3]))).ingestion;
    const gone = { seq, ingestionId: randomUUID() };

    expect(await gate.store.ingestions.readIds(gone, 0, 3)).toBeNull();
    expect(await gate.store.results.readIds(gone.ingestionId, [{ seq, from: 0, to: 3 }])).toBeNull();
  });
});
