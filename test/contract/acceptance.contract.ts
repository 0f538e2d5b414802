import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import { HOUR, newIngestion, TERMS, useGate } from './gate.js';
import { STORES } from './stores.js';

const EXACT = [1n, 9007199254740993n, 9223372036854775808n, 10000000000000000007n];

describe.each(STORES)('$name: acceptance', (underTest) => {
  const gate = useGate(underTest);

  it('keeps the ids of a list exact to the last digit and in their order', async () => {
    const id = await gate.accept('HIGH', [...EXACT].reverse());

    const { packedIds, ingestion, started } = await gate.find(id);
    expect(unpackBigIntIds(packedIds)).toEqual([...EXACT].reverse());
    expect(ingestion).toMatchObject({
      ingestionId: id,
      priority: 'HIGH',
      total: 4,
      dispatched: 0,
      completed: 0,
      failed: 0,
    });
    expect(ingestion.updatedAtMs).toBe(ingestion.createdAtMs);
    expect(Number.isSafeInteger(ingestion.createdAtMs)).toBe(true);
    expect(started).toEqual([]);
  });

  it('counts a value given twice as two ids', async () => {
    const id = await gate.accept('LOW', [7, 7, 7]);

    expect(unpackBigIntIds((await gate.find(id)).packedIds)).toEqual([7n, 7n, 7n]);
  });

  it('accepts 100,000 ids as one list, and sends them from any place in it', async () => {
    const ids = Array.from({ length: 100_000 }, (_, i) => BigInt(i) * 100_000_000_000_003n + 1n);
    const id = await gate.accept('MEDIUM', ids);

    const { packedIds } = await gate.find(id);
    expect(Buffer.from(packedIds).equals(Buffer.from(newIngestion('LOW', ids).packedIds))).toBe(true);
    const sent: bigint[] = [];
    for (const batchSize of [499, 3, 498, 1000, 98_000]) {
      const { parts } = await gate.dispatch({ batchSize });
      expect(parts.map(({ first, size }) => ({ first, size }))).toEqual([
        { first: sent.length, size: batchSize },
      ]);
      sent.push(...parts.flatMap((part) => unpackBigIntIds(part.packedIds)));
    }
    expect(sent).toEqual(ids);
  });

  it('accepts a group in its order, and answers in that order', async () => {
    const group = [
      newIngestion('LOW', [1]),
      newIngestion('LOW', [2]),
      newIngestion('HIGH', [3]),
      newIngestion('LOW', [4]),
    ];

    expect(await gate.acceptAll(group)).toEqual(
      group.map(({ ingestionId }) => ({ kind: 'accepted', ingestionId })),
    );
    expect(await gate.drain({ batchSize: 1 })).toEqual([[3n], [1n], [2n], [4n]]);
  });

  it('accepts several groups at the same time, each whole and in its order', async () => {
    const groups = Array.from({ length: 20 }, (_, i) =>
      Array.from({ length: 5 }, (__, j) => newIngestion('MEDIUM', [i * 10 + j + 1])),
    );

    await Promise.all(groups.map((group) => gate.acceptAll(group)));

    const sent = (await gate.drain({ batchSize: 1000 })).flat();
    expect(sent).toHaveLength(100);
    // Groups of several processes may interleave.
    for (let i = 0n; i < 200n; i += 10n) {
      expect(sent.filter((id) => id >= i && id < i + 10n)).toEqual([1n, 2n, 3n, 4n, 5n].map((j) => i + j));
    }
  });

  it('accepts nothing of a group when one of it cannot be kept', async () => {
    const twin = newIngestion('HIGH', [2]);
    const group = [
      newIngestion('HIGH', [1]),
      twin,
      { ...newIngestion('HIGH', [3]), ingestionId: twin.ingestionId },
    ];

    await expect(gate.acceptAll(group)).rejects.toThrow();

    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
    for (const { ingestionId } of group) {
      expect(await gate.store.ingestions.findById(ingestionId)).toBeNull();
    }
    const after = await gate.accept('HIGH', [4]);
    expect((await gate.dispatch()).parts).toMatchObject([{ ingestionId: after, size: 1 }]);
  });

  it('keeps an accepted list over a kill right after the answer', async () => {
    const id = await gate.accept('HIGH', EXACT);
    await gate.restart();

    expect(unpackBigIntIds((await gate.find(id)).packedIds)).toEqual(EXACT);
    await gate.store.advance(HOUR);
    expect(await gate.drain({ batchSize: TERMS.batchSize })).toEqual([EXACT.slice(0, 3), EXACT.slice(3)]);
  });

  it('records the acceptance time as created_at', async () => {
    const earlier = await gate.accept('LOW', [1]);
    await gate.store.advance(HOUR);
    const later = await gate.accept('LOW', [2]);

    const [first, second] = [await gate.find(earlier), await gate.find(later)];
    const waited = second.ingestion.createdAtMs - first.ingestion.createdAtMs;
    expect(waited).toBeGreaterThanOrEqual(HOUR);
    expect(waited).toBeLessThan(HOUR + 60_000);
  });
});

describe.each(STORES)('$name: finding an ingestion', (underTest) => {
  const gate = useGate(underTest);

  it('finds the same head alone as in the whole', async () => {
    const id = await gate.accept('MEDIUM', [1, 2, 3, 4]);
    await gate.dispatch();

    const { ingestion } = await gate.find(id);
    expect(await gate.store.ingestions.findById(id)).toEqual(ingestion);
    expect(ingestion).toMatchObject({ total: 4, dispatched: 3 });
  });

  it('finds an ingestion by its id in capitals too', async () => {
    const id = await gate.accept('LOW', [1]);

    expect((await gate.find(id.toUpperCase())).ingestion.ingestionId).toBe(id);
    expect((await gate.store.ingestions.findById(id.toUpperCase()))?.ingestionId).toBe(id);
  });

  it.each([
    ['an id never given', randomUUID()],
    ['no text', ''],
    ['a word', 'nonsense'],
    ['a NUL', '\0'],
    ['a lone surrogate', '\ud800'],
    ['the nil UUID', '00000000-0000-0000-0000-000000000000'],
    ['a UUID with a tail', `${randomUUID()}0`],
    ['a UUID in braces', `{${randomUUID()}}`],
    ['SQL', "' OR 1=1 --"],
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['a wildcard', '%'],
  ])('finds nothing for %s', async (_, ingestionId) => {
    await gate.accept('LOW', [1]);

    expect(await gate.store.ingestions.findById(ingestionId)).toBeNull();
    expect(await gate.store.ingestions.findById(ingestionId)).toBeNull();
  });
});
