import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../src/domain/audit.js';
import type { Outcome } from '../../src/domain/dispatch.js';
import type { IngestionFields } from '../../src/domain/ingestion.js';
import { unpackBigIntIds, type Id } from '../../src/domain/packed-ids.js';
import {
  DeadLetterSums,
  type DeadLetterTotals,
} from '../../src/operations/dead-letters/dead-letter-totals.js';
import type {
  DeadLetterCursor,
  DeadLetterFilter,
} from '../../src/operations/dead-letters/dead-letter.repository.js';
import { listDeadLetters } from '../support/list-dead-letters.js';
import { failed, HOUR, MINUTE, newIngestion, useGate } from './gate.js';
import { STORES } from './stores.js';

const ALL = { from: 0, to: 2 ** 31 - 1 };
const AUDIT: AuditEntry = {
  entryId: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1d',
  action: 'discard',
  actor: { client: 'ops', address: null, requestId: null },
};

function failedWith(message: string, upstreamStatus?: number): Outcome {
  const error = {
    kind: 'upstream',
    message,
    ...(upstreamStatus !== undefined && { upstreamStatus }),
  } as const;
  return { kind: 'failed', error };
}

describe.each(STORES)('$name: filters of dead letters', (underTest) => {
  const gate = useGate(underTest);

  /** Accepts a list with these fields and fails each of its ids. */
  async function bury(
    ids: readonly Id[],
    outcome: Outcome | readonly Outcome[],
    fields: Partial<IngestionFields> = {},
  ): Promise<string> {
    const ingestion = { ...newIngestion('MEDIUM', ids), ...fields };
    await gate.acceptAll([ingestion]);
    await gate.settle(await gate.dispatch({ batchSize: ids.length, lane: ingestion.lane }), outcome);
    return ingestion.ingestionId;
  }

  async function found(filter: DeadLetterFilter): Promise<(bigint | undefined)[]> {
    return (await listDeadLetters(gate.store, filter)).map(({ packedId }) => unpackBigIntIds(packedId)[0]);
  }

  /** Counts in steps of `limit` entries. */
  async function count(filter: DeadLetterFilter, limit = 1000): Promise<DeadLetterTotals> {
    const sums = new DeadLetterSums();
    let before: DeadLetterCursor | null = null;
    do {
      const step = await gate.store.deadLetters.tally(filter, before, limit);
      sums.add(step.tallies);
      before = step.next;
    } while (before !== null);
    return sums.totals();
  }

  it('finds them by each property and by several', async () => {
    const one = await bury([1, 2], [failedWith('busy', 503), failedWith('busy')], {
      client: 'shop',
      labels: { shop: 'berlin', job: 'reprice' },
    });
    await bury([3], failed('no such id'), { lane: 'slow', client: 'billing', labels: { shop: 'paris' } });
    await bury([4], failedWith(`${'x'.repeat(100)}a`, 500), { labels: { shop: 'berlin' } });
    await bury([5], failedWith(`${'x'.repeat(100)}b`, 500));

    expect(await found({})).toEqual([5n, 4n, 3n, 2n, 1n]);
    expect(await found({ lane: 'slow' })).toEqual([3n]);
    expect(await found({ lane: 'unknown' })).toEqual([]);
    expect(await found({ kind: 'upstream' })).toEqual([5n, 4n, 2n, 1n]);
    expect(await found({ message: 'busy' })).toEqual([2n, 1n]);
    expect(await found({ message: `${'x'.repeat(100)}a` })).toEqual([4n]);
    expect(await found({ upstreamStatus: 503 })).toEqual([1n]);
    expect(await found({ ingestionId: one })).toEqual([2n, 1n]);
    expect(await found({ ingestionId: 'nonsense' })).toEqual([]);
    expect(await found({ client: 'billing' })).toEqual([3n]);
    expect(await found({ labels: { shop: 'berlin' } })).toEqual([4n, 2n, 1n]);
    expect(await found({ labels: { shop: 'berlin', job: 'reprice' } })).toEqual([2n, 1n]);
    expect(await found({ labels: { shop: 'berlin' }, upstreamStatus: 500, lane: 'default' })).toEqual([4n]);
    expect(await found({ client: 'shop', labels: { shop: 'paris' } })).toEqual([]);
  });

  it('shows lane, client, labels and the status of each', async () => {
    await bury([1], failedWith('busy', 503), {
      lane: 'slow',
      client: 'shop',
      labels: { job: 'x', shop: 'y' },
    });

    expect(await listDeadLetters(gate.store)).toMatchObject([
      { lane: 'slow', client: 'shop', labels: { job: 'x', shop: 'y' }, upstreamStatus: 503 },
    ]);
  });

  it('finds them by time, from inclusive and before exclusive', async () => {
    await bury([1], failedWith('busy'));
    await gate.store.advance(HOUR);
    await bury([2], failedWith('busy'), { client: 'shop' });
    await gate.store.advance(HOUR);
    await bury([3], failedWith('busy'));
    const [third, second, first] = (await listDeadLetters(gate.store)).map(({ failedAtMs }) => failedAtMs);

    expect(await found({ failedFromMs: second ?? 0 })).toEqual([3n, 2n]);
    expect(await found({ failedBeforeMs: second ?? 0 })).toEqual([1n]);
    expect(await found({ failedFromMs: second ?? 0, failedBeforeMs: third ?? 0, client: 'shop' })).toEqual([
      2n,
    ]);
    expect(await found({ message: 'busy', failedBeforeMs: first ?? 0 })).toEqual([]);
  });

  it('reads at most the given number of entries in a step, and goes on after them', async () => {
    await bury(
      [1, 2, 3, 4, 5],
      [500, 503, 500, 503, 500].map((status) => failedWith('busy', status)),
    );
    const filter = { message: 'busy', upstreamStatus: 503 };

    const first = await gate.store.deadLetters.scan(filter, null, 3);
    const second = await gate.store.deadLetters.scan(filter, first.next, 3);

    expect(first.found).toHaveLength(1);
    expect(second.found).toHaveLength(1);
    expect(second.next).toBeNull();
  });

  it.each([1, 2, 3, 1000])('counts all by error with the lists and times, in steps of %i', async (limit) => {
    await bury([1, 2, 3], failedWith('busy', 503), { labels: { shop: 'berlin' } });
    await gate.store.advance(MINUTE);
    await bury([4], failedWith('busy', 503));
    await bury([5], failed('no such id'), { lane: 'slow' });
    const [, four, , , one] = await listDeadLetters(gate.store);

    expect(await count({}, limit)).toEqual({
      ids: 5,
      ingestions: 3,
      groups: [
        {
          lane: 'default',
          kind: 'upstream',
          message: 'busy',
          upstreamStatus: 503,
          ids: 4,
          ingestions: 2,
          firstFailedAtMs: one?.failedAtMs,
          lastFailedAtMs: four?.failedAtMs,
        },
        expect.objectContaining({ lane: 'slow', kind: 'rejected', upstreamStatus: null, ids: 1 }),
      ],
    });
    expect(await count({ labels: { shop: 'berlin' } }, limit)).toMatchObject({ ids: 3, ingestions: 1 });
    expect(await count({ kind: 'timeout' }, limit)).toEqual({ ids: 0, ingestions: 0, groups: [] });
  });

  it('finds none that came after an upper bound', async () => {
    await bury([1], failedWith('busy'));
    const upTo = await gate.store.deadLetters.latestNumber();
    await bury([2], failedWith('busy'));

    expect(await found({ upTo })).toEqual([1n]);
    expect(await count({ upTo })).toMatchObject({ ids: 1 });
  });

  it('finds none of a list that was deleted', async () => {
    const id = await bury([1], failedWith('busy'), { labels: { shop: 'berlin' } });
    await bury([2], failedWith('busy'));
    await gate.store.maintenance.deleteIngestionStep(id);

    expect(await found({})).toEqual([2n]);
    expect(await count({ message: 'busy' })).toMatchObject({ ids: 1 });
    expect(await found({ labels: { shop: 'berlin' } })).toEqual([]);
  });

  it('forgets their labels with a redrive, and learns them again', async () => {
    await bury([1, 2], failedWith('busy'), { labels: { shop: 'berlin' } });
    await gate.store.deadLetters.redrive({}, Number.MAX_SAFE_INTEGER, 10);
    expect(await found({ labels: { shop: 'berlin' } })).toEqual([]);

    await gate.settle(await gate.dispatch({ batchSize: 1 }), failedWith('again'));
    expect(await found({ labels: { shop: 'berlin' } })).toEqual([1n]);
  });

  it('redrives those with given numbers, each once', async () => {
    await bury([1, 2, 3], failedWith('busy'));
    const numbers = (await listDeadLetters(gate.store)).map(({ deadLetterNo }) => deadLetterNo).slice(0, 2);

    const elsewhere = { lanes: ['crm'] };
    expect(await gate.store.deadLetters.redriveNumbers(numbers, elsewhere)).toBe(0);
    const upTo = await gate.store.deadLetters.latestNumber();
    expect(await gate.store.deadLetters.redrive({ ...elsewhere }, upTo, 10)).toBe(0);
    expect(await gate.store.deadLetters.redriveNumbers(numbers, { lanes: ['crm', 'default'] })).toBe(2);
    expect(await gate.store.deadLetters.redriveNumbers(numbers)).toBe(0);
    expect(await found({})).toEqual([1n]);
    expect((await gate.drain()).flat().sort()).toEqual([2n, 3n]);
  });

  it('redrives none of a cancelled list', async () => {
    const id = await bury([1], failedWith('busy'));
    await gate.accept('LOW', [9]);
    await gate.store.deadLetters.redrive({ ingestionId: id }, Number.MAX_SAFE_INTEGER, 1);
    await gate.settle(await gate.dispatch({ batchSize: 1 }), failedWith('busy'));
    const other = { ...newIngestion('HIGH', [5, 6]) };
    await gate.acceptAll([other]);
    await gate.settle(await gate.dispatch({ batchSize: 1 }), failedWith('busy'));
    await gate.store.ingestions.cancelStep(other.ingestionId, 10);
    const numbers = (await listDeadLetters(gate.store)).map(({ deadLetterNo }) => deadLetterNo);

    expect(await gate.store.deadLetters.redriveNumbers(numbers)).toBe(1);
    expect(await found({})).toEqual([5n]);
  });

  it('discards ids: they stay failed in their list with their error, and nothing sends them again', async () => {
    const id = await bury([1, 2, 3], [failedWith('busy'), failed('no such id'), failedWith('busy')], {
      labels: { shop: 'berlin' },
    });
    const before = await gate.find(id);
    const [third, second] = (await listDeadLetters(gate.store)).map(({ deadLetterNo }) => deadLetterNo);
    const numbers = [third ?? 0, second ?? 0];

    expect(await gate.store.deadLetters.discardNumbers(numbers, AUDIT)).toBe(2);
    expect(await gate.store.deadLetters.discardNumbers(numbers, AUDIT)).toBe(0);

    expect(await found({})).toEqual([1n]);
    expect(await found({ labels: { shop: 'berlin' } })).toEqual([1n]);
    expect(await gate.store.deadLetters.redrive({ ingestionId: id }, Number.MAX_SAFE_INTEGER, 10)).toBe(1);
    await gate.drain();
    const after = await gate.find(id);
    expect(after.ingestion).toMatchObject({ failed: 2, completed: 1 });
    expect(before.ingestion).toMatchObject({ failed: 3 });
    expect(await gate.store.results.failures({ seq: after.ingestion.seq, ...ALL }, 10)).toEqual([
      { position: 1, kind: 'rejected', message: 'no such id' },
      { position: 2, kind: 'upstream', message: 'busy' },
    ]);
    expect(await gate.store.audit.list({ action: 'discard' }, null, 10)).toMatchObject([
      { affected: 2, actor: { client: 'ops' } },
    ]);
  });

  it('deletes what was discarded with its list', async () => {
    const id = await bury([1], failedWith('busy'));
    await gate.store.deadLetters.discardNumbers([await gate.store.deadLetters.latestNumber()]);
    const { seq } = (await gate.find(id)).ingestion;
    await gate.store.maintenance.deleteIngestionStep(id);
    while (await gate.store.maintenance.deleteExpired(HOUR)) {
      // the next step
    }

    expect(await gate.store.results.failures({ seq, ...ALL }, 10)).toEqual([]);
  });

  it('keeps filters and discarded ids over a kill', async () => {
    const id = await bury([1, 2], failedWith('busy', 503), { lane: 'slow', labels: { shop: 'berlin' } });
    await gate.store.deadLetters.discardNumbers([await gate.store.deadLetters.latestNumber()]);
    await gate.restart();

    expect(await found({ lane: 'slow', labels: { shop: 'berlin' }, upstreamStatus: 503 })).toEqual([1n]);
    const { seq } = (await gate.find(id)).ingestion;
    expect(await gate.store.results.failures({ seq, ...ALL }, 10)).toHaveLength(2);
  });
});
