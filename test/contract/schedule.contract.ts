import { describe, expect, it, jest } from '@jest/globals';
import type { NewIngestion } from '../../src/domain/ingestion.js';
import type { Priority } from '../../src/domain/priority.js';
import { COMPLETED, HOUR, idsOf, MINUTE, newIngestion, SECOND, TERMS, useGate } from './gate.js';
import { STORES } from './stores.js';

describe.each(STORES)('$name: lists that are scheduled for later', (underTest) => {
  const gate = useGate(underTest);

  function later(
    priority: Priority,
    ids: readonly number[],
    inMs: number,
    more: Partial<NewIngestion> = {},
  ): NewIngestion {
    return { ...newIngestion(priority, ids), notBefore: { inMs }, ...more };
  }

  async function accept(...group: readonly NewIngestion[]): Promise<readonly string[]> {
    await gate.acceptAll(group);
    return group.map(({ ingestionId }) => ingestionId);
  }

  async function pendingIds(lane = 'default'): Promise<number> {
    const { pending } = await gate.store.queue.stats(lane);
    return Object.values(pending).reduce((sum, ids) => sum + ids, 0);
  }

  it('are not claimed before their time, and then are, without a further hint', async () => {
    const [id = ''] = await accept(later('HIGH', [1, 2], HOUR));
    const plain = await gate.accept('LOW', [3]);

    expect(await gate.drain()).toEqual([[3n]]);
    expect((await gate.find(plain)).ingestion).toMatchObject({ notBeforeMs: null, isScheduled: false });
    const { ingestion } = await gate.find(id);
    expect(ingestion).toMatchObject({ priority: 'HIGH', isScheduled: true, dispatched: 0 });
    expect(Math.abs((ingestion.notBeforeMs ?? 0) - ingestion.createdAtMs - HOUR)).toBeLessThan(2);
    await gate.store.advance(HOUR);
    expect(await gate.drain()).toEqual([[1n, 2n]]);
    expect((await gate.find(id)).ingestion).toMatchObject({
      isScheduled: false,
      completed: 2,
      createdAtMs: ingestion.createdAtMs,
      notBeforeMs: ingestion.notBeforeMs,
    });
  });

  it('may be given as a time of the clock; one in the past has no effect', async () => {
    const nowMs = gate.store.runtime.wallMs();
    await accept(
      { ...newIngestion('HIGH', [1]), notBefore: { atMs: nowMs + HOUR } },
      { ...newIngestion('LOW', [2]), notBefore: { atMs: nowMs - HOUR } },
      later('LOW', [3], 0),
    );

    expect(await gate.drain()).toEqual([[2n, 3n]]);
    await gate.store.advance(HOUR + SECOND);
    expect(await gate.drain()).toEqual([[1n]]);
  });

  it('stand as if they were accepted when they fall due, the highest priority first', async () => {
    await accept(later('MEDIUM', [1], 2 * MINUTE), later('MEDIUM', [2], MINUTE), later('LOW', [3], SECOND));
    await gate.accept('MEDIUM', [4]);
    await gate.store.advance(90 * SECOND);
    await gate.accept('MEDIUM', [5]);
    await accept(later('HIGH', [6], 20 * SECOND));
    await gate.store.advance(MINUTE);

    expect((await gate.drain({ batchSize: 1 })).flat()).toEqual([6n, 4n, 5n, 2n, 1n, 3n]);
  });

  it('keep their ids, labels, callback and batches, however long they are', async () => {
    const ids = Array.from({ length: 1201 }, (_, i) => i + 1);
    const [id = ''] = await accept(
      later('HIGH', ids, MINUTE, { labels: { shop: 'a' }, callbackUrl: 'https://example.com/hook' }),
    );
    const before = await gate.find(id);
    await gate.store.advance(MINUTE);
    const sent = (await gate.drain({ batchSize: 500 })).flat();

    expect(sent.map(Number)).toEqual(ids);
    const after = await gate.find(id);
    expect(Buffer.from(after.packedIds).equals(Buffer.from(before.packedIds))).toBe(true);
    expect(after.ingestion.seq).toBeGreaterThan(before.ingestion.seq);
    expect(await gate.store.ingestions.readIds(before.ingestion, 1200, 1)).toEqual(
      await gate.store.ingestions.readIds(after.ingestion, 1200, 1),
    );
    const label = { client: null, label: 'shop=a' };
    const place = { createdAtMs: Number.MAX_SAFE_INTEGER, listedSeq: 0 };
    expect(await gate.store.ingestions.findPreceding(place, 0, 10, label)).toHaveLength(1);
    expect(await gate.store.deliveries.claim(10, MINUTE)).toMatchObject([{ ingestionId: id, total: 1201 }]);
  });

  it('survive a restart before and after they fall due', async () => {
    await accept(later('HIGH', [1], MINUTE), later('HIGH', [2], HOUR));
    await gate.restart();
    expect(await gate.drain()).toEqual([]);
    await gate.store.advance(2 * MINUTE);
    await gate.restart();
    expect(await gate.drain()).toEqual([[1n]]);
  });

  it('count as pending only when they are due, and for the limit of the client from the start', async () => {
    await accept(later('HIGH', [1, 2], MINUTE, { client: 'billing' }));
    expect(await pendingIds()).toBe(0);
    const more = { ...newIngestion('LOW', [3]), client: 'billing', pendingLimit: 2 };
    expect(await gate.acceptAll([more])).toEqual([{ kind: 'refused', pending: 2 }]);
    expect(await gate.acceptAll([{ ...more, client: null }])).toEqual([{ kind: 'refused', pending: 2 }]);

    await gate.store.advance(MINUTE);
    await gate.store.dispatches.admitDue('default', 10);
    expect(await pendingIds()).toBe(2);
    const { ingestionId } = newIngestion('HIGH', [4]);
    await accept({ ...newIngestion('HIGH', [4, 5]), ingestionId });
    const { ingestion } = await gate.find(ingestionId);
    const position = await gate.store.ingestions.positionOf('default', 'HIGH', ingestion.seq);
    expect(position.pendingAhead).toBe(2);
    await gate.drain();
    expect(await pendingIds()).toBe(0);
    expect(await gate.acceptAll([more])).toEqual([{ kind: 'accepted', ingestionId: more.ingestionId }]);
  });

  it('are counted on their own until they are due or cancelled', async () => {
    const scheduled = async (lane = 'default'): Promise<number> =>
      (await gate.store.queue.stats(lane)).scheduled;
    expect(await scheduled()).toBe(0);
    await gate.accept('HIGH', [9]);
    const [id = ''] = await accept(later('HIGH', [1, 2], HOUR), later('LOW', [3], 2 * HOUR));
    await accept(later('MEDIUM', [4, 5, 6], HOUR, { lane: 'crm' }));

    expect([await scheduled(), await scheduled('crm')]).toEqual([3, 3]);
    await gate.store.ingestions.cancelStep(id, 10);
    expect(await scheduled()).toBe(1);
    await gate.store.ingestions.reprioritizeStep(
      (await accept(later('LOW', [7, 8], HOUR)))[0] ?? '',
      'HIGH',
      10,
    );
    expect(await scheduled()).toBe(3);
    await gate.store.advance(HOUR);
    await gate.drain();
    expect([await scheduled(), await scheduled('crm')]).toEqual([1, 3]);
  });

  it('are cancelled and change their priority while they wait', async () => {
    const [dropped = '', raised = ''] = await accept(
      later('HIGH', [1], MINUTE, { callbackUrl: 'https://example.com/hook' }),
      later('LOW', [2], MINUTE),
      later('MEDIUM', [3], MINUTE),
    );
    expect(await gate.store.ingestions.cancelStep(dropped, 10)).toBe('done');
    expect(await gate.store.ingestions.reprioritizeStep(raised, 'HIGH', 10)).toBe('done');

    expect((await gate.find(dropped)).ingestion).toMatchObject({ cancelled: 1, isScheduled: false });
    expect((await gate.find(raised)).ingestion).toMatchObject({ priority: 'HIGH', isScheduled: true });
    expect(await gate.store.deliveries.claim(10, MINUTE)).toMatchObject([
      { ingestionId: dropped, priority: 'HIGH' },
    ]);
    await gate.store.advance(MINUTE);
    expect((await gate.drain({ batchSize: 1 })).flat()).toEqual([2n, 3n]);
    expect(await gate.store.dispatches.admitDue('default', 10)).toBeNull();
    expect(await pendingIds()).toBe(0);
  });

  it('are admitted in bounded steps, each with the highest priority first', async () => {
    const priorities = ['LOW', 'MEDIUM', 'HIGH'] as const;
    const group = Array.from({ length: 30 }, (_, i) =>
      later(priorities[i % 3] ?? 'LOW', [i + 1], i < 27 ? SECOND : HOUR),
    );
    await accept(...group);
    expect(await gate.store.dispatches.admitDue('default', 12)).toBeGreaterThan(0);
    await gate.store.advance(MINUTE);

    const counts: (readonly number[])[] = [];
    let nextInMs: number | null = 0;
    while (nextInMs === 0) {
      nextInMs = await gate.store.dispatches.admitDue('default', 12);
      const { HIGH, MEDIUM, LOW } = (await gate.store.queue.stats('default')).pending;
      counts.push([HIGH, MEDIUM, LOW]);
    }
    expect(counts).toEqual([
      [9, 3, 0],
      [9, 9, 6],
      [9, 9, 9],
    ]);
    expect(nextInMs).toBeGreaterThan(HOUR - 2 * MINUTE);
    const { HIGH } = (await gate.store.queue.stats('default')).pending;
    expect(HIGH).toBe(9);
  });

  it('hold up no claim, however many fall due at once: one step, then the claim goes on', async () => {
    await accept(...Array.from({ length: 300 }, (_, i) => later('MEDIUM', [i + 1], SECOND)));
    await accept(...Array.from({ length: 3 }, (_, i) => later('HIGH', [1000 + i], 2 * SECOND)));
    await gate.store.advance(MINUTE);
    const admitDue = jest.spyOn(gate.store.dispatches, 'admitDue');
    const { queue } = gate;
    const claim = await queue.claim({ ...TERMS, batchSize: 3 });

    expect(claim.kind === 'dispatch' && idsOf(claim.dispatch)).toEqual([1000n, 1001n, 1002n]);
    expect(admitDue).toHaveBeenCalledTimes(1);
    expect(await pendingIds()).toBe(47);
    admitDue.mockRestore();
  });

  it('of one lane do not wake another', async () => {
    await accept(later('HIGH', [1], SECOND, { lane: 'crm' }));
    await gate.store.advance(MINUTE);

    expect(await gate.store.dispatches.admitDue('default', 10)).toBeNull();
    expect(await gate.claim({ lane: 'crm' })).toMatchObject({ kind: 'dispatch' });
  });

  it('tell when the next one is due, exactly', async () => {
    await accept(later('LOW', [1], MINUTE), later('HIGH', [2], HOUR));
    const dueInMs = await gate.store.dispatches.admitDue('default', 10);

    expect(dueInMs).toBeLessThanOrEqual(MINUTE);
    expect(dueInMs).toBeGreaterThan(MINUTE - 30 * SECOND);
    const [head] = await gate.store.dispatches.readHeads([
      {
        lane: 'default',
        maxIds: 3,
        listsPerClient: null,
        batchSize: 3,
        delayMs: 0,
        leaseMs: MINUTE,
        rules: null,
      },
    ]);
    expect(head?.scheduledInMs).toBeLessThanOrEqual(MINUTE);
    await gate.store.advance(MINUTE);
    await gate.settle(await gate.dispatch(), COMPLETED);
  });
});
