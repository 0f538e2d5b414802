import { describe, expect, it } from '@jest/globals';
import { planBatches } from '../../src/domain/batch-plan.js';
import { toIngestionStatus } from '../../src/domain/batch-status.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, failed, HOUR, MINUTE, newIngestion, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

describe.each(STORES)('$name: settling a dispatch', (underTest) => {
  const gate = useGate(underTest);

  async function statusesOf(ingestionId: string): Promise<string[]> {
    const snapshot = await gate.find(ingestionId);
    return [toIngestionStatus(snapshot.ingestion), ...planBatches(snapshot, 3).map(({ status }) => status)];
  }

  it('updates counts and statuses when a dispatch completes, and leaves nothing to send', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4]);
    expect(await statusesOf(id)).toEqual(['yet_to_start', 'yet_to_start', 'yet_to_start']);
    const dispatch = await gate.dispatch();
    expect(await statusesOf(id)).toEqual(['triggered', 'triggered', 'yet_to_start']);

    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);

    expect((await gate.find(id)).ingestion).toMatchObject({
      total: 4,
      dispatched: 3,
      completed: 3,
      failed: 0,
    });
    expect(await statusesOf(id)).toEqual(['triggered', 'completed', 'yet_to_start']);
    await gate.drain();
    expect((await gate.find(id)).ingestion).toMatchObject({ dispatched: 4, completed: 4, failed: 0 });
    expect(await statusesOf(id)).toEqual(['completed', 'completed', 'completed']);
    await gate.store.advance(HOUR);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });

  it('settles each id by itself when a dispatch succeeds in part', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), [retryIn(SECOND), COMPLETED, failed('no such id')]);

    const { ingestion, started } = await gate.find(id);
    expect(ingestion).toMatchObject({ completed: 1, failed: 1 });
    expect(started).toEqual([
      { first: 0, size: 3, completed: 1, failed: 1, cancelled: 0, error: 'no such id' },
    ]);
    expect(await statusesOf(id)).toEqual(['triggered', 'triggered']);
    await gate.store.advance(MINUTE);
    expect(await gate.drain()).toEqual([[1n]]);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 2, failed: 1 });
    expect(await statusesOf(id)).toEqual(['failed', 'failed']);
  });

  it('settles each part of a dispatch for its own ingestion', async () => {
    const one = await gate.accept('HIGH', [1]);
    const two = await gate.accept('MEDIUM', [2]);
    const three = await gate.accept('LOW', [3, 4]);
    await gate.settle(await gate.dispatch({ batchSize: 4 }), [
      COMPLETED,
      failed('bad'),
      COMPLETED,
      retryIn(SECOND),
    ]);

    expect(await statusesOf(one)).toEqual(['completed', 'completed']);
    expect(await statusesOf(two)).toEqual(['failed', 'failed']);
    expect(await statusesOf(three)).toEqual(['triggered', 'triggered']);
    expect((await gate.find(one)).started).toMatchObject([{ error: null }]);
    expect((await gate.find(two)).started).toMatchObject([{ error: 'bad' }]);
    expect((await gate.find(three)).ingestion).toMatchObject({ completed: 1, failed: 0 });
  });

  it('settles an id that stands in a list twice once for each place', async () => {
    const id = await gate.accept('HIGH', [7, 7, 7]);
    await gate.settle(await gate.dispatch(), [COMPLETED, failed(), retryIn(SECOND)]);
    await gate.store.advance(MINUTE);

    const { parts } = await gate.dispatch();
    expect(parts).toMatchObject([{ first: 2, size: 1, failures: 1 }]);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 1, failed: 1 });
  });

  it('settles dispatches of one ingestion in any order', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4, 5, 6, 7]);
    const dispatches = [await gate.dispatch(), await gate.dispatch(), await gate.dispatch()];
    for (const dispatch of dispatches.toReversed()) {
      expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    }

    expect(await statusesOf(id)).toEqual(['completed', 'completed', 'completed', 'completed']);
  });

  it('loses no count when dispatches of one ingestion settle at the same moment', async () => {
    const id = await gate.accept('HIGH', idRange(1, 60));
    const dispatches = [];
    for (let i = 0; i < 20; i++) {
      dispatches.push(await gate.dispatch());
    }

    const settled = await Promise.all(
      dispatches.map((dispatch, i) => gate.settle(dispatch, i % 2 === 0 ? COMPLETED : failed())),
    );

    expect(settled).toEqual(dispatches.map(() => true));
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 30, failed: 30 });
    expect(await listDeadLetters(gate.store, {}, null, 100)).toHaveLength(30);
  });

  it('settles dispatches that share ingestions at the same moment, whatever their order', async () => {
    const ids = [];
    for (let i = 0; i < 6; i++) {
      ids.push(await gate.accept('LOW', [1, 2, 3, 4, 5, 6]));
    }
    // Crossed retries: the dispatches contain the same ingestions in different order.
    const first = await gate.dispatch({ batchSize: 36 });
    await gate.settle(
      first,
      Array.from({ length: 36 }, (_, i) => retryIn(((i * 7) % 36) * SECOND)),
    );
    await gate.store.advance(MINUTE);
    const dispatches = [];
    for (let i = 0; i < 6; i++) {
      dispatches.push(await gate.dispatch({ batchSize: 6 }));
    }

    const settled = await Promise.all(dispatches.map((dispatch) => gate.settle(dispatch, COMPLETED)));

    expect(settled).toEqual(dispatches.map(() => true));
    for (const id of ids) {
      expect((await gate.find(id)).ingestion).toMatchObject({ completed: 6, failed: 0 });
    }
  });

  it('records the last error of a batch, in any script and length', async () => {
    const message = `Grüße, 你好, 🙂, 'quoted', \\ "${'x'.repeat(2000)}"`;
    const id = await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), failed(message));

    expect((await gate.find(id)).started).toMatchObject([{ error: message }]);
  });

  it('settles nothing where the outcomes are too few or too many', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    const dispatch = await gate.dispatch();
    const before = await gate.find(id);

    await expect(gate.settle(dispatch, [COMPLETED, failed()])).rejects.toThrow();
    await expect(gate.settle(dispatch, [COMPLETED, COMPLETED, COMPLETED, COMPLETED])).rejects.toThrow();

    expect(await gate.find(id)).toEqual(before);
    expect(await listDeadLetters(gate.store, {}, null, 10)).toEqual([]);
    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
  });

  it('records when an ingestion last changed', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    const touched = [(await gate.find(id)).ingestion.updatedAtMs];
    const steps = [
      async () => gate.dispatch({ batchSize: 1 }),
      async () => gate.settle(await gate.dispatch({ batchSize: 1 }), retryIn(SECOND)),
      async () => gate.dispatch(),
    ];
    for (const step of steps) {
      await gate.store.advance(HOUR);
      await step();
      touched.push((await gate.find(id)).ingestion.updatedAtMs);
    }

    touched.slice(1).forEach((at, i) => {
      expect(at - (touched[i] ?? 0)).toBeGreaterThanOrEqual(HOUR);
      expect(at - (touched[i] ?? 0)).toBeLessThan(HOUR + MINUTE);
    });
    const { ingestion } = await gate.find(id);
    expect(ingestion.createdAtMs).toBe(touched[0]);
    expect(await gate.store.ingestions.findById(id)).toEqual(ingestion);
  });

  it('leaves other ingestions as they are', async () => {
    const other = await gate.accept('LOW', [9]);
    const before = await gate.find(other);
    await gate.acceptAll([newIngestion('HIGH', [1, 2, 3])]);
    await gate.settle(await gate.dispatch(), [failed(), retryIn(1), COMPLETED]);

    expect(await gate.find(other)).toEqual(before);
  });

  it('keeps an outcome over a kill right after the answer', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), [COMPLETED, failed('gone'), retryIn(HOUR)]);
    await gate.restart();

    expect((await gate.find(id)).started).toEqual([
      { first: 0, size: 3, completed: 1, failed: 1, cancelled: 0, error: 'gone' },
    ]);
    expect(await gate.store.dispatches.reclaimExpired()).toEqual([]);
    await gate.store.advance(HOUR);
    expect(await gate.drain()).toEqual([[3n]]);
  });
});
