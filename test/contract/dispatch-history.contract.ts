import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DispatchRecord } from '../../src/operations/dispatches/dispatch.repository.js';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import { COMPLETED, failed, HOUR, newIngestion, retryIn, useGate } from './gate.js';
import { STORES } from './stores.js';

const NONE = { completed: 0, retried: 0, failed: 0 };

function idsOf({ parts }: DispatchRecord): bigint[] {
  return parts.flatMap((part) => unpackBigIntIds(part.packedIds));
}

describe.each(STORES)('$name: last error of a lane', (underTest) => {
  const gate = useGate(underTest);
  const lastError = (lane = 'default') => gate.store.queue.lastError(lane);

  it('is that of the newest dispatch that had one, in this lane alone', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4, 5]);
    expect(await lastError()).toBeNull();
    await gate.settle(await gate.dispatch({ batchSize: 1 }), failed('no such id'));
    await gate.settle(await gate.dispatch({ batchSize: 2 }), [COMPLETED, retryIn(HOUR, 'busy')]);
    await gate.settle(await gate.dispatch({ batchSize: 1 }), COMPLETED);
    await gate.dispatch({ batchSize: 1 });
    await gate.acceptAll([{ ...newIngestion('HIGH', [6]), lane: 'crm' }]);

    expect(await lastError()).toEqual({ atMs: expect.any(Number), kind: 'upstream', message: 'busy' });
    expect(await lastError('crm')).toBeNull();
  });

  it('is the lapse of a lease, too', async () => {
    await gate.accept('HIGH', [1]);
    await gate.dispatch();
    await gate.store.advance(HOUR);
    await gate.store.dispatches.reclaimExpired();
    expect(await lastError()).toMatchObject({ kind: 'lapsed' });
  });

  it('is null after the list that had it was deleted', async () => {
    await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), failed('no such id'));
    await gate.store.advance(2 * HOUR);
    while (await gate.store.maintenance.deleteExpired(HOUR)) {
      // The loop ends when nothing is left to remove.
    }
    expect(await lastError()).toBeNull();
  });
});

describe.each(STORES)('$name: dispatch history', (underTest) => {
  const gate = useGate(underTest);

  async function listIds(...args: Parameters<typeof gate.store.history.list>): Promise<bigint[][]> {
    return (await gate.store.history.list(...args)).map(idsOf);
  }

  it('lists no dispatch in a new store', async () => {
    expect(await gate.store.history.list({}, null, 10)).toEqual([]);
  });

  it('shows all that a dispatch carries while its call runs', async () => {
    const first = await gate.accept('HIGH', [5, 10000000000000000007n]);
    const second = await gate.accept('LOW', [6, 7]);
    const { dispatchNo, dispatchId, parts } = await gate.dispatch();
    const [recorded] = await gate.store.history.list({}, null, 10);

    expect(recorded).toEqual({
      dispatchNo,
      dispatchId,
      lane: 'default',
      startedAtMs: (await gate.find(first)).ingestion.updatedAtMs,
      endedAtMs: null,
      ending: null,
      counts: NONE,
      parts: [
        {
          ingestionId: first,
          batchNo: 0,
          priority: 'HIGH',
          size: 2,
          failures: 0,
          unsuccessful: 0,
          packedIds: expect.anything(),
          errors: [],
        },
        {
          ingestionId: second,
          batchNo: 0,
          priority: 'LOW',
          size: 1,
          failures: 0,
          unsuccessful: 0,
          packedIds: expect.anything(),
          errors: [],
        },
      ],
    });
    expect(recorded?.parts.map(({ packedIds }) => unpackBigIntIds(packedIds))).toEqual(
      parts.map(({ packedIds }) => unpackBigIntIds(packedIds)),
    );
  });

  it('shows the outcome of each id, and the next attempt', async () => {
    const id = await gate.accept('MEDIUM', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), [COMPLETED, retryIn(0, 'busy'), failed('no such id')]);
    await gate.settle(await gate.dispatch(), COMPLETED);
    const [again, first] = await gate.store.history.list({}, null, 10);

    expect(first).toMatchObject({
      ending: 'settled',
      counts: { completed: 1, retried: 1, failed: 1 },
      parts: [
        {
          failures: 0,
          errors: [
            { index: 1, kind: 'upstream', message: 'busy' },
            { index: 2, kind: 'rejected', message: 'no such id' },
          ],
        },
      ],
    });
    expect(again).toMatchObject({
      ending: 'settled',
      counts: { completed: 1, retried: 0, failed: 0 },
      parts: [{ ingestionId: id, batchNo: 0, failures: 1, errors: [] }],
    });
    expect(again && idsOf(again)).toEqual([2n]);
    expect(first?.endedAtMs).toBeGreaterThanOrEqual(first?.startedAtMs ?? Infinity);
  });

  it('shows ids that were dropped with their list as not sent again', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    await gate.accept('HIGH', [3]);
    const flying = await gate.dispatch();
    await gate.store.ingestions.cancelStep(id, 1000);
    await gate.settle(flying, [COMPLETED, retryIn(0), retryIn(0)]);
    const [settled] = await gate.store.history.list({}, null, 1);

    expect(settled?.counts).toEqual({ completed: 1, retried: 1, failed: 0 });
  });

  it('shows dispatches whose lease lapsed, and released ones', async () => {
    await gate.accept('HIGH', [1, 2]);
    await gate.dispatch();
    await gate.store.advance(HOUR);
    await gate.store.dispatches.reclaimExpired();
    await gate.release(await gate.dispatch());
    const [released, lapsed] = await gate.store.history.list({}, null, 10);

    expect(lapsed).toMatchObject({
      ending: 'lapsed',
      counts: NONE,
      parts: [{ errors: [{ index: 0, kind: 'lapsed' }, {}] }],
    });
    expect((lapsed?.endedAtMs ?? 0) - (lapsed?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(HOUR);
    expect(released).toMatchObject({ ending: 'released', counts: NONE });
    expect(released && idsOf(released)).toEqual([1n, 2n]);
  });

  it('lists the newest first, page by page, over a kill', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4, 5]);
    await gate.drain({ batchSize: 1 });
    await gate.restart();
    const first = await gate.store.history.list({}, null, 2);
    const before = first.at(-1)?.dispatchNo ?? 0;

    expect(first.map(idsOf)).toEqual([[5n], [4n]]);
    expect(await listIds({}, before, 2)).toEqual([[3n], [2n]]);
    expect(await listIds({}, before, 10)).toEqual([[3n], [2n], [1n]]);
  });

  it('filters by ingestion, and shows all else that the dispatches carried', async () => {
    const one = await gate.accept('HIGH', [1, 2, 3, 4]);
    await gate.accept('LOW', [5, 6, 7, 8]);
    await gate.settle(await gate.dispatch(), retryIn(0));
    await gate.drain();

    expect(await listIds({ ingestionId: one }, null, 10)).toEqual([
      [4n, 5n, 6n],
      [1n, 2n, 3n],
      [1n, 2n, 3n],
    ]);
    const [newest] = await gate.store.history.list({ ingestionId: one }, null, 1);
    expect(await listIds({ ingestionId: one }, newest?.dispatchNo ?? 0, 1)).toEqual([[1n, 2n, 3n]]);
  });

  it('filters by lane', async () => {
    const other = { ...newIngestion('HIGH', [1, 2]), lane: 'crm' };
    await gate.acceptAll([other, newIngestion('HIGH', [3])]);
    await gate.drain({ lane: 'crm', batchSize: 1 });
    await gate.drain();
    const { ingestionId } = other;

    expect(await listIds({ lane: 'crm' }, null, 10)).toEqual([[2n], [1n]]);
    expect(await listIds({ lane: 'default' }, null, 10)).toEqual([[3n]]);
    expect(await listIds({ lane: 'crm', ingestionId }, null, 1)).toEqual([[2n]]);
    expect(await listIds({ lane: 'default', ingestionId }, null, 10)).toEqual([]);
    expect(await listIds({ lane: 'unknown' }, null, 10)).toEqual([]);
    expect((await gate.store.history.list({ lane: 'crm' }, null, 1))[0]?.lane).toBe('crm');
  });

  it.each([randomUUID(), '', 'nonsense', '\0', "' OR 1=1 --"])(
    'lists none for the unknown ingestion %j',
    async (ingestionId) => {
      await gate.accept('HIGH', [1]);
      await gate.drain();

      expect(await gate.store.history.list({ ingestionId }, null, 10)).toEqual([]);
    },
  );

  it('leaves out deleted lists, and deletes dispatches that are old enough', async () => {
    await gate.accept('LOW', [1, 2, 3]);
    const kept = await gate.accept('LOW', [4]);
    await gate.dispatch({ batchSize: 1, leaseMs: 100 * HOUR });
    await gate.settle(await gate.dispatch({ batchSize: 3 }), COMPLETED);
    await gate.store.advance(2 * HOUR);
    while (await gate.store.maintenance.deleteExpired(HOUR)) {
      // The loop ends when nothing is left to remove.
    }
    const list = await gate.store.history.list({}, null, 10);
    expect(list.map(({ parts }) => parts.map(({ ingestionId }) => ingestionId === kept))).toEqual([
      [false],
      [false],
    ]);
    expect(list[0]?.counts).toEqual({ completed: 3, retried: 0, failed: 0 });
  });
});
