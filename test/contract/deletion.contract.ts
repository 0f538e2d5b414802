import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, failed, HOUR, MINUTE, newIngestion, retryIn, useGate } from './gate.js';
import { STORES } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

/** As many as one step removes, see the stores. */
const DELIVERIES_PER_STEP = 100;
const CALLBACK_URL = 'https://example.com/hook';

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

describe.each(STORES)('$name: the deletion of one ingestion', (underTest) => {
  const gate = useGate(underTest);

  /** Resolves with the number of steps after the ingestion was unknown. */
  async function removeRest(): Promise<number> {
    let steps = 0;
    while (await gate.store.maintenance.deleteExpired(Infinity)) {
      steps += 1;
    }
    return steps;
  }

  async function isKnown(ingestionId: string): Promise<boolean> {
    return (await gate.store.ingestions.findById(ingestionId)) !== null;
  }

  it('takes its ids, results, dead letters, deliveries and dispatched batches with it, and no one else’s', async () => {
    const gone = { ...newIngestion('HIGH', [1, 2]), callbackUrl: CALLBACK_URL };
    const kept = { ...newIngestion('HIGH', [3, 4]), callbackUrl: CALLBACK_URL };
    await gate.acceptAll([gone, kept]);
    const dispatch = await gate.dispatch({ batchSize: 4 });
    const result = { kind: 'completed', data: '"secret"' } as const;
    await gate.settle(dispatch, [result, failed(), result, failed()]);

    expect(await gate.store.maintenance.deleteIngestionStep(gone.ingestionId.toUpperCase())).toBe('deleted');
    await removeRest();
    await gate.restart();

    expect(await isKnown(gone.ingestionId)).toBe(false);
    expect(await gate.store.maintenance.deleteIngestionStep(gone.ingestionId)).toBe('unknown');
    expect(await listDeadLetters(gate.store, {}, null, 10)).toMatchObject([
      { ingestionId: kept.ingestionId },
    ]);
    expect(await gate.store.deadLetters.countByKind(10)).toMatchObject({ rejected: 1 });
    expect(await gate.store.deliveries.list({}, null, 10)).toMatchObject([{ ingestionId: kept.ingestionId }]);
    const [shown] = await gate.store.history.list({}, null, 10);
    expect(shown?.parts.map(({ ingestionId }) => ingestionId)).toEqual([kept.ingestionId]);
    expect(shown?.counts).toEqual({ completed: 2, retried: 0, failed: 2 });
    const whole = await gate.find(kept.ingestionId);
    expect(unpackBigIntIds(whole.packedIds)).toEqual([3n, 4n]);
    expect(whole.ingestion).toMatchObject({ completed: 1, failed: 1 });
    expect(await gate.store.deadLetters.redrive({}, Number.MAX_SAFE_INTEGER, 10)).toBe(1);
    expect(await gate.drain()).toEqual([[4n]]);
  });

  it('is refused while an id is pending, in flight or due for a retry, and while a cancelled one is in flight', async () => {
    const pending = await gate.accept('LOW', [1]);
    const inFlight = await gate.accept('HIGH', [2]);
    const dispatch = await gate.dispatch({ batchSize: 1 });
    const retrying = await gate.accept('HIGH', [3]);
    await gate.settle(await gate.dispatch({ batchSize: 1 }), retryIn(HOUR));
    const cancelled = await gate.accept('HIGH', [4, 5]);
    const ofCancelled = await gate.dispatch({ batchSize: 1 });
    await gate.store.ingestions.cancelStep(cancelled, 10);

    for (const id of [pending, inFlight, retrying, cancelled]) {
      expect(await gate.store.maintenance.deleteIngestionStep(id)).toBe('active');
      expect(await isKnown(id)).toBe(true);
    }
    await gate.settle(ofCancelled, COMPLETED);
    expect(await gate.store.maintenance.deleteIngestionStep(cancelled)).toBe('deleted');
    expect(await gate.settle(dispatch, COMPLETED)).toBe(true);
    await gate.store.advance(HOUR + MINUTE);
    expect((await gate.drain()).flat()).toEqual([3n, 1n]);
  });

  it('is refused again once dead letters were redriven', async () => {
    const id = await gate.accept('LOW', [1]);
    await gate.settle(await gate.dispatch(), failed());
    await gate.store.deadLetters.redrive({}, Number.MAX_SAFE_INTEGER, 1);
    expect(await gate.store.maintenance.deleteIngestionStep(id)).toBe('active');
  });

  it('takes a cancelled ingestion, of which nothing was sent, and leaves the totals right', async () => {
    const cancelled = { ...newIngestion('LOW', [1, 2, 3]), client: 'billing' };
    await gate.acceptAll([cancelled]);
    await gate.store.ingestions.cancelStep(cancelled.ingestionId, 10);

    expect(await gate.store.maintenance.deleteIngestionStep(cancelled.ingestionId)).toBe('deleted');
    await removeRest();
    const next = { ...newIngestion('LOW', [4, 5]), client: 'billing', pendingLimit: 2 };
    expect(await gate.acceptAll([next])).toEqual([{ kind: 'accepted', ingestionId: next.ingestionId }]);
    expect(await gate.drain()).toEqual([[4n, 5n]]);
  });

  it('frees its idempotency key, so that the same request is accepted anew', async () => {
    const keyed = (content: string) =>
      newIngestion('HIGH', [1], { key: digest('key'), content: digest(content), windowMs: HOUR });
    const first = keyed('a');
    await gate.acceptAll([first]);
    await gate.drain();
    await gate.store.maintenance.deleteIngestionStep(first.ingestionId);

    const again = keyed('b');
    expect(await gate.acceptAll([again])).toEqual([{ kind: 'accepted', ingestionId: again.ingestionId }]);
    await gate.restart();
    expect(await gate.acceptAll([keyed('b'), keyed('a')])).toEqual([
      { kind: 'replayed', ingestionId: again.ingestionId },
      { kind: 'conflict' },
    ]);
    expect(await gate.drain()).toEqual([[1n]]);
  });

  it('removes a large one in small steps, others being accepted and sent between them, also after a kill', async () => {
    const large = await gate.accept('LOW', idRange(1, 6000));
    await gate.settle(await gate.dispatch({ batchSize: 6000 }), failed());
    expect(await gate.store.maintenance.deleteIngestionStep(large)).toBe('deleted');
    await gate.restart();

    const sent = [];
    let steps = 0;
    while (await gate.store.maintenance.deleteExpired(Infinity)) {
      steps += 1;
      expect(await isKnown(large)).toBe(false);
      expect(await listDeadLetters(gate.store, {}, null, 10)).toEqual([]);
      await gate.accept('HIGH', [steps]);
      sent.push(...(await gate.drain()).flat());
    }
    expect(steps).toBeGreaterThan(5);
    expect(sent).toEqual(idRange(1, steps).map(BigInt));
    expect(await gate.store.deadLetters.countByKind(10)).toMatchObject({ rejected: 0 });
  });

  it('removes many deliveries in several steps, the ingestion last', async () => {
    const ingestion = { ...newIngestion('HIGH', [1]), callbackUrl: CALLBACK_URL };
    await gate.acceptAll([ingestion]);
    const ends = 2 * DELIVERIES_PER_STEP + 1;
    for (let end = 1; end <= ends; end++) {
      await gate.settle(await gate.dispatch(), failed());
      if (end < ends) {
        await gate.store.deadLetters.redrive({}, Number.MAX_SAFE_INTEGER, 1);
      }
    }
    const steps = [];
    for (let step; step !== 'deleted';) {
      step = await gate.store.maintenance.deleteIngestionStep(ingestion.ingestionId);
      steps.push(step);
    }
    expect(steps).toEqual(['more', 'more', 'deleted']);
    expect(await gate.store.deliveries.list({}, null, 10)).toEqual([]);
  });

  it.each(['', 'abc', '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c'])('knows no ingestion "%s"', async (id) => {
    expect(await gate.store.maintenance.deleteIngestionStep(id)).toBe('unknown');
  });
});
