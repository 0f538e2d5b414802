import { describe, expect, it } from '@jest/globals';
import type { NewIngestion } from '../../src/domain/ingestion.js';
import { BYTES_PER_ID } from '../../src/domain/packed-ids.js';
import type { Priority } from '../../src/domain/priority.js';
import {
  COMPLETED,
  failed,
  HOUR,
  idsOf,
  MINUTE,
  newIngestion,
  retryIn,
  SECOND,
  useGate,
  TERMS,
} from './gate.js';
import { STORES } from './stores.js';
import { upcomingIn } from '../support/claims.js';

const CRM = 'crm';

function inLane(lane: string, priority: Priority, ids: readonly number[]): NewIngestion {
  return { ...newIngestion(priority, ids), lane };
}

describe.each(STORES)('$name, in each lane by itself,', (underTest) => {
  const gate = useGate(underTest);

  it('claims what waits there, and nothing of another', async () => {
    await gate.acceptAll([
      inLane(CRM, 'LOW', [1, 2]),
      inLane('default', 'HIGH', [3]),
      inLane(CRM, 'HIGH', [4]),
    ]);

    expect(await gate.drain({ lane: CRM })).toEqual([[4n, 1n, 2n]]);
    expect(await gate.drain()).toEqual([[3n]]);
  });

  it('tells of which lane an ingestion and a dispatch are', async () => {
    const ingestion = inLane(CRM, 'LOW', [1]);
    await gate.acceptAll([ingestion]);

    expect((await gate.find(ingestion.ingestionId)).ingestion.lane).toBe(CRM);
    expect((await gate.dispatch({ lane: CRM })).lane).toBe(CRM);
    expect((await gate.find(await gate.accept('LOW', [2]))).ingestion.lane).toBe('default');
  });

  it('shows what went through its gate, and what goes next', async () => {
    await gate.acceptAll([inLane(CRM, 'LOW', [1, 2]), inLane('default', 'LOW', [3])]);
    const { dispatchId } = await gate.dispatch({ lane: CRM, batchSize: 1 });

    expect(await gate.store.history.recent(CRM, 10, 10)).toMatchObject([{ dispatchId }]);
    expect(await gate.store.history.recent('default', 10, 10)).toEqual([]);
    expect(await upcomingIn(gate.store, { ...TERMS, lane: CRM, agingMs: null }, 10)).toHaveLength(1);
  });

  it('shows the same ids, each once, to all who ask at the same moment', async () => {
    await gate.acceptAll([inLane(CRM, 'LOW', [1, 2]), inLane('default', 'LOW', [3])]);
    const ask = async (lane: string, maxIds: number): Promise<number[]> =>
      (await upcomingIn(gate.store, { ...TERMS, lane, agingMs: null }, maxIds)).map(
        ({ packedIds }) => packedIds.length / BYTES_PER_ID,
      );

    expect(await Promise.all([ask(CRM, 10), ask(CRM, 10), ask(CRM, 1), ask('default', 10)])).toEqual([
      [2],
      [2],
      [1],
      [1],
    ]);
  });

  it('has a slot: a dispatch of one lane closes no other', async () => {
    await gate.acceptAll([inLane(CRM, 'LOW', [1, 2]), inLane('default', 'LOW', [3, 4])]);
    const pace = { batchSize: 1, delayMs: HOUR };
    await gate.dispatch({ ...pace, lane: CRM });

    expect(idsOf(await gate.dispatch(pace))).toEqual([3n]);
    expect(await gate.claim({ ...pace, lane: CRM })).toMatchObject({ kind: 'slot_closed' });
    await gate.restart();
    expect(await gate.claim({ ...pace, lane: CRM })).toMatchObject({ kind: 'slot_closed' });
    await gate.store.advance(HOUR + MINUTE);
    expect(idsOf(await gate.dispatch({ ...pace, lane: CRM }))).toEqual([2n]);
  });

  it('lets a late call leave without regard to the other lanes', async () => {
    await gate.acceptAll([inLane(CRM, 'LOW', [1]), inLane('default', 'LOW', [2, 3])]);
    const pace = { batchSize: 1, delayMs: SECOND, leaseMs: HOUR };
    const late = await gate.dispatch({ ...pace, lane: CRM });
    await gate.dispatch(pace);
    await gate.store.advance(MINUTE);
    await gate.dispatch(pace);

    expect(await gate.queue.awaitSendSlot(late)).toBe(true);
    gate.queue.recordSent(late);
  });

  it('sends again there what failed, was given back, taken over or redriven', async () => {
    await gate.acceptAll([inLane(CRM, 'LOW', [1, 2, 3, 4])]);
    const lane = CRM;
    await gate.settle(await gate.dispatch({ lane, batchSize: 1 }), retryIn(0));
    await gate.store.advance(MINUTE);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
    await gate.settle(await gate.dispatch({ lane, batchSize: 2 }), failed());
    await gate.release(await gate.dispatch({ lane, batchSize: 1 }));
    await gate.dispatch({ lane, batchSize: 2 });
    await gate.store.advance(HOUR);
    expect(await gate.store.dispatches.reclaimExpired()).toHaveLength(1);
    await gate.store.deadLetters.redrive({}, await gate.store.deadLetters.latestNumber(), 10);
    await gate.store.advance(MINUTE);

    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
    expect((await gate.drain({ lane })).flat().sort()).toEqual([1n, 2n, 3n, 4n]);
  });

  it('counts pending ids, ids in flight and retries', async () => {
    await gate.acceptAll([inLane(CRM, 'LOW', [1, 2, 3]), inLane('default', 'HIGH', [4, 5])]);
    await gate.settle(await gate.dispatch({ lane: CRM, batchSize: 1 }), retryIn(HOUR));
    await gate.dispatch({ lane: CRM, batchSize: 1 });

    expect(await gate.store.queue.stats(CRM)).toMatchObject({
      pending: { HIGH: 0, MEDIUM: 0, LOW: 1 },
      pendingRetries: 1,
      inFlight: 1,
    });
    expect(await gate.store.queue.stats('default')).toMatchObject({
      pending: { HIGH: 2, MEDIUM: 0, LOW: 0 },
      pendingRetries: 0,
      inFlight: 0,
    });
    expect(await gate.store.queue.stats('never named')).toMatchObject({
      pending: { HIGH: 0, MEDIUM: 0, LOW: 0 },
      pausedAtMs: null,
    });
  });

  it('is paused and resumed', async () => {
    await gate.acceptAll([inLane(CRM, 'LOW', [1]), inLane('default', 'LOW', [2])]);
    await gate.store.queue.pause(CRM);

    expect(await gate.claim({ lane: CRM })).toEqual({ kind: 'paused' });
    await gate.restart();
    expect(await gate.claim({ lane: CRM })).toEqual({ kind: 'paused' });
    expect(idsOf(await gate.dispatch())).toEqual([2n]);
    await gate.store.queue.resume(CRM);
    await gate.settle(await gate.dispatch({ lane: CRM }), COMPLETED);
  });
});
