import { describe, expect, it } from '@jest/globals';
import { toIngestionStatus } from '../../src/domain/batch-status.js';
import { planBatches } from '../../src/domain/batch-plan.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { computeProgress } from '../../src/domain/progress.js';
import { PRIORITIES, type Priority } from '../../src/domain/priority.js';
import { COMPLETED, failed, HOUR, idsOf, MINUTE, newIngestion, retryIn, useGate, type Gate } from './gate.js';
import { STORES } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const MANY = 1000;

async function idsAheadOf(gate: Gate, ingestionId: string): Promise<number> {
  const { ingestion } = await gate.find(ingestionId);
  const place = await gate.store.ingestions.positionOf(ingestion.lane, ingestion.priority, ingestion.seq);
  return place.pendingAhead + place.retriesAhead;
}

describe.each(STORES)('$name cancels an ingestion:', (underTest) => {
  const gate = useGate(underTest);

  it('drops the ids that were never sent, and ends the ingestion', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4]);
    const other = await gate.accept('LOW', [5]);

    expect(await gate.store.ingestions.cancelStep(id, MANY)).toBe('done');
    const page = await gate.find(id);
    expect(toIngestionStatus(page.ingestion)).toBe('cancelled');
    expect(computeProgress(page.ingestion)).toMatchObject({
      yetToStart: 0,
      inFlight: 0,
      cancelled: 4,
      percent: 100,
    });
    expect(planBatches(page, 3).map(({ size, status }) => [size, status])).toEqual([
      [3, 'cancelled'],
      [1, 'cancelled'],
    ]);
    expect(await gate.drain()).toEqual([[5n]]);
    expect(toIngestionStatus((await gate.find(other)).ingestion)).toBe('completed');
  });

  it('lets calls in flight end, and does not retry what fails of them', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4, 5, 6, 7]);
    const [first, second] = [await gate.dispatch(), await gate.dispatch()];
    await gate.store.ingestions.cancelStep(id, MANY);
    expect(toIngestionStatus((await gate.find(id)).ingestion)).toBe('triggered');
    await gate.settle(first, [{ kind: 'postponed' }, retryIn(0), failed()]);
    expect(toIngestionStatus((await gate.find(id)).ingestion)).toBe('triggered');
    await gate.release(second);

    const { ingestion, started } = await gate.find(id);
    expect(ingestion).toMatchObject({ completed: 0, failed: 1, cancelled: 6 });
    expect(started).toMatchObject([
      { completed: 0, failed: 1, cancelled: 2 },
      { completed: 0, failed: 0, cancelled: 3 },
    ]);
    expect(toIngestionStatus(ingestion)).toBe('cancelled');
    await gate.store.advance(MINUTE);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });

  it('drops failures also when it is cancelled while a long outcome is being recorded', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    const long = { kind: 'completed', dataJson: `"${'x'.repeat(100_000)}"` } as const;
    const settling = gate.settle(await gate.dispatch(), [long, retryIn(HOUR)]);
    await Promise.all([settling, gate.store.ingestions.cancelStep(id, MANY)]);

    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 1, failed: 0, cancelled: 1 });
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
  });

  it('sends a reclaimed dispatch of it no second time', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    await gate.dispatch();
    await gate.store.ingestions.cancelStep(id, MANY);
    await gate.store.advance(HOUR);
    expect(await gate.store.dispatches.reclaimExpired()).toHaveLength(1);

    expect(await gate.claim()).toMatchObject({ kind: 'nothing_due', dueInMs: null });
    expect((await gate.find(id)).ingestion).toMatchObject({ cancelled: 2 });
  });

  it('drops its waiting retries, a step at a time', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), retryIn(HOUR));

    expect(await gate.store.ingestions.cancelStep(id, 2)).toBe('more');
    expect(toIngestionStatus((await gate.find(id)).ingestion)).toBe('triggered');
    expect(await gate.store.ingestions.cancelStep(id, 2)).toBe('done');
    expect((await gate.find(id)).ingestion).toMatchObject({ cancelled: 3 });
    expect((await gate.find(id)).started).toMatchObject([{ cancelled: 3 }]);
    expect((await gate.store.queue.stats(DEFAULT_LANE)).pendingRetries).toBe(0);
  });

  it('changes nothing when it is cancelled again', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    await gate.store.ingestions.cancelStep(id, MANY);
    const { ingestion } = await gate.find(id);
    await gate.store.advance(MINUTE);

    expect(await gate.store.ingestions.cancelStep(id, MANY)).toBe('done');
    expect((await gate.find(id)).ingestion).toEqual(ingestion);
  });

  it('reports an ended ingestion as over, and an unknown one as unknown', async () => {
    const id = await gate.accept('HIGH', [1]);
    await gate.drain();

    expect(await gate.store.ingestions.cancelStep(id, MANY)).toBe('over');
    expect(await gate.store.ingestions.reprioritizeStep(id, 'LOW', MANY)).toBe('over');
    for (const unknown of ['no id', '0198c0de-0000-7000-8000-00000000abcd']) {
      expect(await gate.store.ingestions.cancelStep(unknown, MANY)).toBe('unknown');
      expect(await gate.store.ingestions.reprioritizeStep(unknown, 'LOW', MANY)).toBe('unknown');
    }
  });

  it('keeps its dead letters, and does not send them again', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4]);
    await gate.settle(await gate.dispatch(), failed());
    await gate.store.ingestions.cancelStep(id, MANY);

    expect(await gate.store.deadLetters.redrive({}, await gate.store.deadLetters.latestNumber(), MANY)).toBe(
      0,
    );
    expect(await listDeadLetters(gate.store, {}, null, MANY)).toHaveLength(3);
    expect(toIngestionStatus((await gate.find(id)).ingestion)).toBe('cancelled');
  });

  it('deletes it when its retention is over', async () => {
    const id = await gate.accept('HIGH', [1]);
    await gate.store.ingestions.cancelStep(id, MANY);
    await gate.store.advance(HOUR);
    while (await gate.store.maintenance.deleteExpired(MINUTE)) {
      // The loop ends when nothing is left.
    }

    expect(await gate.store.ingestions.findById(id)).toBeNull();
  });

  it('either sends or drops each id when claims run at the same moment', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, i) => gate.accept('LOW', [i * 3 + 1, i * 3 + 2, i * 3 + 3])),
    );
    const [, claims] = await Promise.all([
      Promise.all(ids.map((id) => gate.store.ingestions.cancelStep(id, MANY))),
      Promise.all(Array.from({ length: 20 }, () => gate.claim())),
    ]);

    const sent = claims.flatMap((claim) => (claim.kind === 'dispatch' ? idsOf(claim.dispatch) : []));
    expect(new Set(sent).size).toBe(sent.length);
    const heads = await gate.store.ingestions.findMany(ids);
    const dropped = heads.reduce((sum, { cancelled }) => sum + cancelled, 0);
    expect(sent.length + dropped).toBe(60);
    expect((await gate.store.queue.stats(DEFAULT_LANE)).pending.LOW).toBe(0);
  });
});

describe.each(STORES)('$name moves an ingestion to another priority:', (underTest) => {
  const gate = useGate(underTest);

  it('moves the ids that were never sent, to their place by acceptance', async () => {
    await gate.accept('HIGH', [1]);
    const moved = await gate.accept('LOW', [2, 3]);
    await gate.accept('HIGH', [4]);

    expect(await gate.store.ingestions.reprioritizeStep(moved, 'HIGH', MANY)).toBe('done');
    expect((await gate.find(moved)).ingestion.priority).toBe('HIGH');
    expect(await gate.drain({ batchSize: 1 })).toEqual([[1n], [2n], [3n], [4n]]);
  });

  it('moves its waiting retries, a step at a time, and later failures too', async () => {
    const moved = await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch({ batchSize: 2 }), retryIn(0));
    const inFlight = await gate.dispatch({ batchSize: 1 });
    await gate.accept('MEDIUM', [4]);

    expect(await gate.store.ingestions.reprioritizeStep(moved, 'LOW', 1)).toBe('more');
    expect(await gate.store.ingestions.reprioritizeStep(moved, 'LOW', 1)).toBe(
      inFlight.parts[0]?.failures === 1 ? 'done' : 'more',
    );
    await gate.store.ingestions.reprioritizeStep(moved, 'LOW', MANY);
    await gate.settle(inFlight, retryIn(0));
    await gate.store.advance(MINUTE);
    expect((await gate.drain({ batchSize: 1 })).flat()[0]).toBe(4n);
  });

  it('refuses the move once it is cancelled', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    await gate.store.ingestions.cancelStep(id, MANY);

    expect(await gate.store.ingestions.reprioritizeStep(id, 'LOW', MANY)).toBe('over');
  });
});

describe.each(STORES)('$name: ids ahead of an ingestion', (underTest) => {
  const gate = useGate(underTest);

  it('counts ids of higher priorities, earlier ones of its own, and retries', async () => {
    await gate.accept('LOW', [1, 2]);
    const middle = await gate.accept('MEDIUM', [3, 4, 5]);
    await gate.accept('HIGH', [6, 7]);
    const last = await gate.accept('MEDIUM', [8]);
    expect(await idsAheadOf(gate, middle)).toBe(2);
    expect(await idsAheadOf(gate, last)).toBe(5);
    expect((await gate.store.ingestions.positionOf(DEFAULT_LANE, 'LOW', null)).pendingAhead).toBe(8);
    expect((await gate.store.ingestions.positionOf('another', 'LOW', null)).pendingAhead).toBe(0);

    await gate.settle(await gate.dispatch(), [retryIn(HOUR), COMPLETED, COMPLETED]);
    expect(await idsAheadOf(gate, middle)).toBe(1);
    expect(await idsAheadOf(gate, last)).toBe(3);
  });

  it('counts exactly among many, through claims, cancels and moves', async () => {
    const lists = Array.from({ length: 33_000 }, (_, i) => newIngestion(PRIORITIES[i % 3] ?? 'LOW', [i + 1]));
    for (let first = 0; first < lists.length; first += 3000) {
      await gate.acceptAll(lists.slice(first, first + 3000));
    }
    const waiting = new Map(lists.map(({ ingestionId, priority }) => [ingestionId, priority]));
    for (let i = 0; i < 300; i += 3) {
      const id = lists[(i * 107) % lists.length]?.ingestionId ?? '';
      await gate.store.ingestions.cancelStep(id, MANY);
      waiting.delete(id);
      const other = lists[(i * 89 + 50) % lists.length]?.ingestionId ?? '';
      if (waiting.has(other)) {
        await gate.store.ingestions.reprioritizeStep(other, 'MEDIUM', MANY);
        waiting.set(other, 'MEDIUM');
      }
    }
    for (const { ingestionId } of (await gate.dispatch({ batchSize: 5000 })).parts) {
      waiting.delete(ingestionId);
    }
    await gate.store.dispatches.reclaimExpired();

    const rank = (priority: Priority): number => PRIORITIES.indexOf(priority);
    const places = [...waiting];
    for (const at of [0, 1, 127, 128, 5000, 16_400, 20_000, places.length - 1]) {
      const [id, priority] = places[at] ?? ['', 'LOW'];
      const ahead = places.filter(
        ([, other], i) => rank(other) < rank(priority) || (other === priority && i < at),
      );
      expect(await idsAheadOf(gate, id)).toBe(ahead.length);
    }
  }, 60_000);
});
