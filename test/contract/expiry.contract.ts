import { describe, expect, it } from '@jest/globals';
import { toIngestionStatus } from '../../src/domain/batch-status.js';
import type { IngestionRecord, NewIngestion } from '../../src/domain/ingestion.js';
import type { Priority } from '../../src/domain/priority.js';
import { toAdmissionStep } from '../../src/scheduler/queue/claim-admission.js';
import { COMPLETED, failed, HOUR, MINUTE, newIngestion, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

describe.each(STORES)('$name: lists that expire', (underTest) => {
  const gate = useGate(underTest);

  async function accept(
    priority: Priority,
    ids: readonly number[],
    inMs: number,
    more: Partial<NewIngestion> = {},
  ): Promise<string> {
    const ingestion = { ...newIngestion(priority, ids), expiresAt: { inMs }, ...more };
    await gate.acceptAll([ingestion]);
    return ingestion.ingestionId;
  }

  async function find(id: string): Promise<IngestionRecord> {
    return (await gate.find(id)).ingestion;
  }

  /** Cancels and admits until nothing is left to do. */
  async function applyTimes(limit = 10): Promise<number> {
    let steps = 1;
    while ((await gate.store.dispatches.admitDue('default', limit)) === 0) {
      steps += 1;
    }
    return steps;
  }

  it('lose at that time what was not sent, before a claim chooses', async () => {
    const id = await accept('HIGH', [1, 2, 3, 4, 5], HOUR, {
      client: 'billing',
      callbackUrl: 'https://a.example',
    });
    const kept = await accept('LOW', [6], 2 * HOUR);
    await gate.settle(await gate.dispatch({ batchSize: 3 }), COMPLETED);
    const before = await find(id);
    expect(Math.abs((before.expiresAtMs ?? 0) - before.createdAtMs - HOUR)).toBeLessThan(2);
    expect(before.cancelReason).toBeNull();
    await gate.store.advance(HOUR);

    expect(await gate.drain()).toEqual([[6n]]);
    const after = await find(id);
    expect(after).toMatchObject({ completed: 3, cancelled: 2, cancelReason: 'expired' });
    expect(toIngestionStatus(after)).toBe('cancelled');
    expect(await gate.store.deliveries.claim(10, MINUTE)).toMatchObject([
      { ingestionId: id, cancelReason: 'expired' },
    ]);
    expect(await find(kept)).toMatchObject({ completed: 1, cancelReason: null });
    await gate.store.advance(2 * HOUR);
    await applyTimes();
    expect(await find(kept)).toMatchObject({ completed: 1, cancelled: 0, cancelReason: null });
    expect(toIngestionStatus(await find(kept))).toBe('completed');
    const { high, total } = { high: 0, total: 0, ...(await gate.store.queue.stats('default')).pending };
    expect([high, total]).toEqual([0, 0]);
  });

  it('lose their retries, and ids in flight that fail', async () => {
    const id = await accept('HIGH', [1, 2, 3], MINUTE);
    const [first, second] = [await gate.dispatch({ batchSize: 2 }), await gate.dispatch({ batchSize: 1 })];
    await gate.settle(first, [retryIn(HOUR), COMPLETED]);
    await gate.store.advance(MINUTE);
    await applyTimes();

    expect(await find(id)).toMatchObject({ completed: 1, cancelled: 1, cancelReason: 'expired' });
    expect(toIngestionStatus(await find(id))).toBe('triggered');
    await gate.settle(second, retryIn(0));
    expect(await find(id)).toMatchObject({ completed: 1, cancelled: 2 });
    expect(await gate.claim()).toMatchObject({ kind: 'nothing_due', dueInMs: null });
  });

  it('expire also before they are due, and over a restart', async () => {
    const id = await accept('HIGH', [1], MINUTE, { notBefore: { inMs: HOUR } });
    await gate.restart();
    await gate.store.advance(2 * MINUTE);
    await applyTimes();
    expect(await find(id)).toMatchObject({ cancelled: 1, cancelReason: 'expired', isScheduled: false });
    await gate.store.advance(HOUR);
    expect(await gate.drain()).toEqual([]);
  });

  it('expire although they have a new number since they fell due', async () => {
    const id = await accept('HIGH', [1], HOUR, { notBefore: { inMs: MINUTE } });
    await gate.store.advance(MINUTE);
    await applyTimes();
    await gate.store.advance(HOUR);
    expect(await gate.drain()).toEqual([]);
    expect(await find(id)).toMatchObject({ cancelled: 1, cancelReason: 'expired' });
  });

  it('are not expired if they had ended or were cancelled before', async () => {
    const dead = await accept('HIGH', [1], MINUTE);
    await gate.settle(await gate.dispatch(), failed());
    const dropped = await accept('HIGH', [2], MINUTE);
    await gate.store.ingestions.cancelStep(dropped, 10);
    await gate.store.advance(HOUR);
    await applyTimes();

    expect(await find(dead)).toMatchObject({ failed: 1, cancelled: 0, cancelReason: null });
    expect(await find(dropped)).toMatchObject({ cancelled: 1, cancelReason: null });
  });

  it('keep their dead letters from that time on: a redrive leaves them out, whether the lane has claimed since or not', async () => {
    const early = await accept('HIGH', [1], MINUTE);
    await gate.settle(await gate.dispatch(), failed());
    const late = await accept('HIGH', [2], HOUR);
    await gate.settle(await gate.dispatch(), failed());
    const { deadLetters } = gate.store;
    const upTo = await deadLetters.latestNumber();
    await gate.store.advance(MINUTE);

    expect(await deadLetters.redrive({ ingestionId: early }, upTo, 10)).toBe(0);
    await applyTimes();
    const { found } = await deadLetters.scan({}, null, 10);
    expect(await deadLetters.redriveNumbers(found.map(({ deadLetterNo }) => deadLetterNo))).toBe(1);
    expect(await find(early)).toMatchObject({ failed: 1, cancelled: 0, cancelReason: null });
    expect(await gate.drain()).toEqual([[2n]]);
    expect(await find(late)).toMatchObject({ completed: 1 });
  });

  it('do not keep a list that is due from the same claim, also where they are exactly one step', async () => {
    const step = toAdmissionStep(1);
    const expired = Array.from({ length: step }, (_, i) => ({
      ...newIngestion('MEDIUM', [i + 1]),
      expiresAt: { inMs: SECOND },
    }));
    await gate.acceptAll([...expired, { ...newIngestion('HIGH', [1000]), notBefore: { inMs: SECOND } }]);
    await gate.accept('LOW', [2000]);
    await gate.store.advance(MINUTE);

    expect(await gate.drain({ batchSize: 1 })).toEqual([[1000n], [2000n]]);
  });

  it('are cancelled in bounded steps, and none of them is sent meanwhile', async () => {
    const expired = Array.from({ length: 120 }, (_, i) => ({
      ...newIngestion('HIGH', [i + 1]),
      expiresAt: { inMs: SECOND },
    }));
    await gate.acceptAll(expired);
    await gate.accept('LOW', [1000]);
    await gate.store.advance(MINUTE);

    expect(await gate.store.dispatches.admitDue('default', 50)).toBe(0);
    expect((await gate.store.queue.stats('default')).pending.HIGH).toBe(70);
    expect(await gate.drain()).toEqual([[1000n]]);
    expect((await gate.store.queue.stats('default')).pending.HIGH).toBe(0);
  });

  it('drop many retries in several steps', async () => {
    const id = await accept(
      'HIGH',
      Array.from({ length: 30 }, (_, i) => i + 1),
      MINUTE,
    );
    await gate.settle(await gate.dispatch({ batchSize: 30 }), retryIn(HOUR));
    await gate.store.advance(MINUTE);
    await applyTimes(8);

    expect(await find(id)).toMatchObject({ cancelled: 30, cancelReason: 'expired' });
    expect(toIngestionStatus(await find(id))).toBe('cancelled');
  });
});
