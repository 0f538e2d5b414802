import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import type { LaneProgress } from '../../src/operations/queue-admin/queue-admin.repository.js';
import { COMPLETED, failed, HOUR, idsOf, MINUTE, newIngestion, retryIn, useGate } from './gate.js';
import { STORES } from './stores.js';

describe.each(STORES)('$name surveys the queue:', (underTest) => {
  const gate = useGate(underTest);

  it('shows nothing in a new store', async () => {
    expect(await gate.store.queue.stats(DEFAULT_LANE)).toMatchObject({
      pausedAtMs: null,
      pending: { HIGH: 0, MEDIUM: 0, LOW: 0 },
      pendingRetries: 0,
      inFlight: 0,
    });
  });

  it('counts pending ids of each priority, ids in flight, and retries', async () => {
    await gate.acceptAll([
      newIngestion('HIGH', [1, 2]),
      newIngestion('LOW', [3, 4, 5]),
      newIngestion('LOW', [6]),
    ]);
    await gate.accept('MEDIUM', [7, 8]);
    await gate.settle(await gate.dispatch(), [COMPLETED, retryIn(HOUR), failed()]);
    await gate.dispatch({ batchSize: 2 });

    expect(await gate.store.queue.stats(DEFAULT_LANE)).toMatchObject({
      pending: { HIGH: 0, MEDIUM: 0, LOW: 3 },
      pendingRetries: 1,
      dueRetries: 0,
      inFlight: 2,
    });
    await gate.store.advance(2 * HOUR);
    expect(await gate.store.queue.stats(DEFAULT_LANE)).toMatchObject({ pendingRetries: 1, dueRetries: 1 });
  });

  it('names the lists of a lane with ids to be sent: waiting, scheduled and for a retry', async () => {
    const unsent = async (limit = 10): Promise<readonly string[]> =>
      [...(await gate.store.queue.unsentIngestions(DEFAULT_LANE, limit))].sort();
    const sent = await gate.accept('HIGH', [1]);
    const retried = await gate.accept('HIGH', [2]);
    const waiting = await gate.accept('LOW', [3]);
    const scheduled = newIngestion('LOW', [4]);
    await gate.acceptAll([
      { ...scheduled, notBefore: { inMs: HOUR } },
      { ...newIngestion('HIGH', [5]), lane: 'crm' },
    ]);
    await gate.settle(await gate.dispatch({ batchSize: 1 }), [COMPLETED]);
    await gate.settle(await gate.dispatch({ batchSize: 1 }), [retryIn(HOUR)]);

    expect(await unsent()).toEqual([retried, waiting, scheduled.ingestionId].sort());
    expect(await unsent(1)).toHaveLength(1);
    for (const ingestionId of [retried, waiting, scheduled.ingestionId]) {
      await gate.store.ingestions.cancelStep(ingestionId, 10);
    }
    expect(await unsent()).toEqual([]);
    expect(sent).not.toBe(waiting);
  });

  it('counts how many of the last dispatches of a lane began lately', async () => {
    const begun = (most: number): Promise<number> =>
      gate.store.queue.countDispatchesSince(DEFAULT_LANE, HOUR, most);
    await gate.acceptAll([newIngestion('HIGH', [1, 2, 3, 4]), { ...newIngestion('HIGH', [5]), lane: 'crm' }]);
    expect(await begun(10)).toBe(0);
    await gate.dispatch({ batchSize: 1 });
    await gate.store.advance(2 * HOUR);
    for (const terms of [{}, {}, {}, { lane: 'crm' }]) {
      await gate.dispatch({ batchSize: 1, ...terms });
    }
    expect(await begun(10)).toBe(3);
    expect(await begun(2)).toBe(2);
  });

  it('tells whether a lane makes progress: a dispatch counts once it ended or is old, but not where it was released', async () => {
    const progress = (lane = DEFAULT_LANE): Promise<LaneProgress> => gate.store.queue.progress(lane, MINUTE);
    const nothing = {
      isPaused: false,
      isHeld: false,
      hasDueIds: false,
      lastSentNo: null,
      hasNewClaim: false,
    };
    expect(await progress()).toEqual(nothing);
    await gate.acceptAll([newIngestion('LOW', [1, 2, 3]), { ...newIngestion('LOW', [4]), lane: 'crm' }]);
    expect(await progress()).toEqual({ ...nothing, hasDueIds: true });

    const released = await gate.dispatch({ batchSize: 3 });
    expect(await progress()).toEqual({ ...nothing, hasNewClaim: true });
    await gate.release(released);
    expect(await progress()).toEqual({ ...nothing, hasDueIds: true });

    const settled = await gate.dispatch({ batchSize: 1 });
    await gate.settle(settled, retryIn(HOUR));
    expect(await progress()).toMatchObject({ hasDueIds: true, lastSentNo: settled.dispatchNo });
    const running = await gate.dispatch({ batchSize: 2, leaseMs: 3 * HOUR });
    expect(await progress()).toMatchObject({
      hasDueIds: false,
      lastSentNo: settled.dispatchNo,
      hasNewClaim: true,
    });
    await gate.store.advance(2 * HOUR);
    expect(await progress()).toMatchObject({
      hasDueIds: true,
      lastSentNo: running.dispatchNo,
      hasNewClaim: false,
    });
    expect(await progress('crm')).toEqual({ ...nothing, hasDueIds: true });

    await gate.store.queue.pause(DEFAULT_LANE);
    await gate.store.dispatches.holdLane('crm', HOUR);
    expect(await progress()).toMatchObject({ isPaused: true, isHeld: false });
    expect(await progress('crm')).toMatchObject({ isPaused: false, isHeld: true });
  });

  it('tells how long the first list of each priority has waited', async () => {
    expect(await gate.store.queue.oldestPendingAgeMs(DEFAULT_LANE)).toEqual({
      HIGH: null,
      MEDIUM: null,
      LOW: null,
    });
    await gate.accept('LOW', [1, 2, 3, 4]);
    await gate.store.advance(HOUR);
    await gate.accept('LOW', [5]);
    await gate.accept('HIGH', [6, 7, 8]);
    await gate.store.advance(HOUR);
    const { HIGH, MEDIUM, LOW } = await gate.store.queue.oldestPendingAgeMs(DEFAULT_LANE);
    expect([Math.floor((HIGH ?? 0) / HOUR), MEDIUM, Math.floor((LOW ?? 0) / HOUR)]).toEqual([1, null, 2]);
    await gate.dispatch();
    await gate.dispatch({ batchSize: 4 });
    const left = await gate.store.queue.oldestPendingAgeMs(DEFAULT_LANE);
    expect([left.HIGH, left.MEDIUM, Math.floor((left.LOW ?? 0) / HOUR)]).toEqual([null, null, 1]);
  });

  it('shows the same after a kill, and nothing when all is done', async () => {
    await gate.accept('MEDIUM', [1, 2, 3, 4]);
    await gate.dispatch();
    const before = await gate.store.queue.stats(DEFAULT_LANE);
    await gate.restart();

    expect((await gate.store.queue.stats(DEFAULT_LANE)).pending).toEqual(before.pending);
    await gate.store.advance(2 * HOUR);
    await gate.store.dispatches.reclaimExpired();
    await gate.drain();
    expect(await gate.store.queue.stats(DEFAULT_LANE)).toMatchObject({
      pending: { HIGH: 0, MEDIUM: 0, LOW: 0 },
      pendingRetries: 0,
      inFlight: 0,
    });
  });

  it('tells when the last slot was taken', async () => {
    await gate.accept('LOW', [1]);
    await gate.dispatch({ delayMs: HOUR });
    await gate.store.advance(MINUTE);

    const { slotTakenMsAgo } = await gate.store.queue.stats(DEFAULT_LANE);
    expect(slotTakenMsAgo).toBeGreaterThan(MINUTE - 5000);
    expect(slotTakenMsAgo).toBeLessThan(2 * MINUTE);
  });
});

describe.each(STORES)('$name, paused,', (underTest) => {
  const gate = useGate(underTest);

  it('claims nothing, whatever waits; resumed, it goes on', async () => {
    await gate.accept('HIGH', [1, 2]);
    await gate.store.queue.pause(DEFAULT_LANE);
    expect(await gate.claim()).toEqual({ kind: 'paused' });
    await gate.accept('HIGH', [3]);
    expect(await gate.claim()).toEqual({ kind: 'paused' });
    await gate.store.queue.resume(DEFAULT_LANE);

    expect(idsOf(await gate.dispatch())).toEqual([1n, 2n, 3n]);
  });

  it('records the outcomes of dispatches in flight', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    const dispatch = await gate.dispatch();
    await gate.store.queue.pause(DEFAULT_LANE);

    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 2 });
  });

  it('stays paused over a kill, and says since when', async () => {
    await gate.accept('HIGH', [1]);
    await gate.store.queue.pause(DEFAULT_LANE);
    const { pausedAtMs } = await gate.store.queue.stats(DEFAULT_LANE);
    await gate.store.advance(MINUTE);
    await gate.store.queue.pause(DEFAULT_LANE);
    await gate.restart();

    expect(await gate.claim()).toEqual({ kind: 'paused' });
    expect(pausedAtMs).not.toBeNull();
    expect((await gate.store.queue.stats(DEFAULT_LANE)).pausedAtMs).toBe(pausedAtMs);
  });

  it('opens no slot: the pace holds across it', async () => {
    await gate.accept('HIGH', [1, 2]);
    await gate.dispatch({ batchSize: 1, delayMs: HOUR });
    await gate.store.queue.pause(DEFAULT_LANE);
    await gate.store.queue.resume(DEFAULT_LANE);

    expect(await gate.claim({ delayMs: HOUR })).toMatchObject({ kind: 'slot_closed' });
  });

  it('changes nothing when it is resumed without a pause', async () => {
    await gate.accept('HIGH', [1]);
    await gate.store.queue.resume(DEFAULT_LANE);

    expect(idsOf(await gate.dispatch())).toEqual([1n]);
  });
});
