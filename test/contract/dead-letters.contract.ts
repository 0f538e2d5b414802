import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DeadLetter } from '../../src/operations/dead-letters/dead-letter.repository.js';
import { toBatchStatus, toIngestionStatus } from '../../src/domain/batch-status.js';
import { unpackBigIntIds, type Id } from '../../src/domain/packed-ids.js';
import type { Priority } from '../../src/domain/priority.js';
import { ATTEMPT_ERROR_KINDS, type AttemptErrorKind, type Outcome } from '../../src/domain/dispatch.js';
import { COMPLETED, failed, HOUR, idsOf, retryIn, useGate } from './gate.js';
import { STORES } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

type ListArguments = Parameters<typeof listDeadLetters> extends [unknown, ...infer Others] ? Others : never;

function failedAs(kind: AttemptErrorKind): Outcome {
  return { kind: 'failed', error: { kind, message: kind } };
}

function idOf({ packedId }: DeadLetter): bigint | undefined {
  return unpackBigIntIds(packedId)[0];
}

describe.each(STORES)('$name: dead letters', (underTest) => {
  const gate = useGate(underTest);

  /** Accepts an ingestion and fails each of its ids. */
  async function bury(priority: Priority, ids: readonly Id[], outcome = failed()): Promise<string> {
    const ingestionId = await gate.accept(priority, ids);
    await gate.settle(await gate.dispatch({ batchSize: ids.length }), outcome);
    return ingestionId;
  }

  async function listIds(...args: ListArguments): Promise<unknown[]> {
    return (await listDeadLetters(gate.store, ...args)).map(idOf);
  }

  it('lists no dead letter in a new store', async () => {
    expect(await listDeadLetters(gate.store, {}, null, 10)).toEqual([]);
    expect(await gate.store.deadLetters.latestNumber()).toBe(0);
    expect(await gate.store.deadLetters.redrive({}, Number.MAX_SAFE_INTEGER, 10)).toBe(0);
  });

  it('keeps all that is known of each id that failed', async () => {
    const id = await gate.accept('MEDIUM', [5, 10000000000000000007n]);
    await gate.settle(await gate.dispatch(), [COMPLETED, retryIn(0, 'busy')]);
    await gate.settle(await gate.dispatch(), failed('no such id'));

    const [letter] = await listDeadLetters(gate.store, {}, null, 10);
    expect(letter).toEqual({
      deadLetterNo: await gate.store.deadLetters.latestNumber(),
      ingestionId: id,
      batchNo: 0,
      position: 1,
      packedId: letter?.packedId,
      priority: 'MEDIUM',
      lane: 'default',
      client: null,
      labels: null,
      upstreamStatus: null,
      kind: 'rejected',
      message: 'no such id',
      failedAtMs: (await gate.find(id)).ingestion.updatedAtMs,
      attempts: [
        { attemptedAtMs: expect.any(Number), kind: 'upstream', message: 'busy' },
        { attemptedAtMs: letter?.failedAtMs, kind: 'rejected', message: 'no such id' },
      ],
    });
    expect(letter && idOf(letter)).toBe(10000000000000000007n);
  });

  it('lists the newest first, page by page', async () => {
    await bury('HIGH', [1, 2, 3]);
    await bury('LOW', [4, 5]);

    const first = await listDeadLetters(gate.store, {}, null, 2);
    const second = await listDeadLetters(gate.store, {}, first.at(-1) ?? null, 2);
    const third = await listDeadLetters(gate.store, {}, second.at(-1) ?? null, 2);
    expect([first, second, third].map((page) => page.map(idOf))).toEqual([[5n, 4n], [3n, 2n], [1n]]);
    expect(await listDeadLetters(gate.store, {}, third.at(-1) ?? null, 2)).toEqual([]);
    expect(await gate.store.deadLetters.latestNumber()).toBe(first[0]?.deadLetterNo);
  });

  it('keeps pages as they are when more ids fail', async () => {
    await bury('HIGH', [1, 2, 3]);
    const first = await listDeadLetters(gate.store, {}, null, 2);
    await bury('HIGH', [4]);

    expect(await listIds({}, first.at(-1) ?? null, 2)).toEqual([1n]);
  });

  it('filters by ingestion and by kind', async () => {
    const one = await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), [
      failedAs('timeout'),
      failedAs('rejected'),
      failedAs('timeout'),
    ]);
    const two = await bury('LOW', [4], failedAs('timeout'));

    expect(await listIds({ ingestionId: one }, null, 10)).toEqual([3n, 2n, 1n]);
    expect(await listIds({ kind: 'timeout' }, null, 10)).toEqual([4n, 3n, 1n]);
    expect(await listIds({ ingestionId: one, kind: 'timeout' }, null, 1)).toEqual([3n]);
    expect(await listIds({ ingestionId: two, kind: 'rejected' }, null, 10)).toEqual([]);
    expect(await listIds({ kind: 'network' }, null, 10)).toEqual([]);
  });

  it('counts them by kind, and stops counting a kind at the maximum', async () => {
    const none = Object.fromEntries(ATTEMPT_ERROR_KINDS.map((kind) => [kind, 0]));
    expect(await gate.store.deadLetters.countByKind(10)).toEqual(none);

    await bury('HIGH', [1, 2, 3], failedAs('timeout'));
    await bury('LOW', [4], failedAs('rejected'));

    expect(await gate.store.deadLetters.countByKind(10)).toEqual({ ...none, timeout: 3, rejected: 1 });
    expect(await gate.store.deadLetters.countByKind(2)).toEqual({ ...none, timeout: 2, rejected: 1 });
  });

  it.each([randomUUID(), '', 'nonsense', '\0', "' OR 1=1 --"])(
    'lists none for the unknown ingestion %j',
    async (ingestionId) => {
      await bury('HIGH', [1]);

      expect(await listDeadLetters(gate.store, { ingestionId }, null, 10)).toEqual([]);
      expect(await gate.store.deadLetters.redrive({ ingestionId }, Number.MAX_SAFE_INTEGER, 10)).toBe(0);
      expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
    },
  );

  it('redrives ids as due at once at their own priority, with new attempts and their history kept', async () => {
    const id = await gate.accept('MEDIUM', [1, 2]);
    await gate.settle(await gate.dispatch(), [COMPLETED, retryIn(0, 'busy')]);
    await gate.settle(await gate.dispatch(), failed('first death'));
    await gate.accept('HIGH', [3]);
    await gate.accept('MEDIUM', [4]);

    const upTo = await gate.store.deadLetters.latestNumber();
    expect(await gate.store.deadLetters.redrive({}, upTo, 10)).toBe(1);

    expect(await listDeadLetters(gate.store, {}, null, 10)).toEqual([]);
    const dispatch = await gate.dispatch();
    expect(idsOf(dispatch)).toEqual([3n, 2n, 4n]);
    expect(dispatch.parts).toMatchObject([{}, { ingestionId: id, batchNo: 0, first: 1, failures: 0 }, {}]);
    await gate.settle(dispatch, [COMPLETED, failed('second death'), COMPLETED]);
    const [letter] = await listDeadLetters(gate.store, {}, null, 10);
    expect(letter?.attempts.map(({ message }) => message)).toEqual(['busy', 'first death', 'second death']);
    expect(letter?.deadLetterNo).toBeGreaterThan(upTo);
  });

  it('brings batch and ingestion back to triggered by a redrive, then to their end', async () => {
    const id = await gate.accept('LOW', [1, 2, 3, 4]);
    await gate.settle(await gate.dispatch(), [failed('a'), failed('b'), COMPLETED]);
    await gate.settle(await gate.dispatch(), failed('c'));
    const failedAt = (await gate.find(id)).ingestion.updatedAtMs;
    await gate.store.advance(HOUR);

    await gate.store.deadLetters.redrive({}, await gate.store.deadLetters.latestNumber(), 1);

    const half = await gate.find(id);
    expect(half.ingestion).toMatchObject({ completed: 1, failed: 2 });
    expect(half.ingestion.updatedAtMs).toBeGreaterThanOrEqual(failedAt + HOUR);
    expect(half.started).toMatchObject([
      { completed: 1, failed: 1 },
      { failed: 1, error: 'c' },
    ]);
    expect(toIngestionStatus(half.ingestion)).toBe('triggered');
    await gate.store.deadLetters.redrive({}, await gate.store.deadLetters.latestNumber(), 10);
    expect((await gate.find(id)).started).toMatchObject([
      { failed: 0, error: null },
      { failed: 0, error: null },
    ]);
    await gate.drain();
    const done = await gate.find(id);
    expect(toIngestionStatus(done.ingestion)).toBe('completed');
    expect(done.started.map(toBatchStatus)).toEqual(['completed', 'completed']);
    expect(done.ingestion).toMatchObject({ total: 4, dispatched: 4, completed: 4, failed: 0 });
  });

  it('redrives up to a number, the oldest first, a few at a time', async () => {
    await bury('HIGH', [1, 2, 3]);
    const upTo = await gate.store.deadLetters.latestNumber();
    await bury('HIGH', [4]);

    expect(await gate.store.deadLetters.redrive({}, upTo, 2)).toBe(2);
    expect(await listIds({}, null, 10)).toEqual([4n, 3n]);
    expect(await gate.store.deadLetters.redrive({}, upTo, 2)).toBe(1);
    expect(await gate.store.deadLetters.redrive({}, upTo, 2)).toBe(0);
    expect(await listIds({}, null, 10)).toEqual([4n]);
    expect((await gate.drain()).flat()).toEqual([1n, 2n, 3n]);
  });

  it('redrives by filter, and leaves the others alone', async () => {
    const one = await gate.accept('HIGH', [1, 2]);
    await gate.settle(await gate.dispatch(), [failedAs('timeout'), failedAs('rejected')]);
    await bury('HIGH', [3], failedAs('timeout'));
    const upTo = await gate.store.deadLetters.latestNumber();

    expect(await gate.store.deadLetters.redrive({ ingestionId: one, kind: 'timeout' }, upTo, 10)).toBe(1);
    expect(await listIds({}, null, 10)).toEqual([3n, 2n]);
    expect(await gate.store.deadLetters.redrive({ kind: 'timeout' }, upTo, 10)).toBe(1);
    expect(await gate.store.deadLetters.redrive({ ingestionId: one }, upTo, 10)).toBe(1);
    expect((await gate.drain()).flat().sort()).toEqual([1n, 2n, 3n]);
  });

  it('redrives single dead letters', async () => {
    const one = await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), failedAs('timeout'));
    const upTo = await gate.store.deadLetters.latestNumber();

    expect(await gate.store.deadLetters.redrive({ ingestionId: one, position: 1 }, upTo, 10)).toBe(1);
    expect(await listIds({}, null, 10)).toEqual([3n, 1n]);
    expect(await gate.drain()).toEqual([[2n]]);
  });

  it('redrives each once, also when many redrive at the same moment', async () => {
    const id = await bury('HIGH', [1, 2, 3, 4, 5]);
    const upTo = await gate.store.deadLetters.latestNumber();

    const counts = await Promise.all(
      Array.from({ length: 10 }, () => gate.store.deadLetters.redrive({}, upTo, 2)),
    );

    expect(counts.reduce((sum, count) => sum + count)).toBe(5);
    expect((await gate.drain()).flat()).toHaveLength(5);
    expect((await gate.find(id)).ingestion).toMatchObject({ completed: 5, failed: 0 });
  });

  it('never gives a number again, also after a redrive of the newest and a kill', async () => {
    await bury('HIGH', [1]);
    const newest = await gate.store.deadLetters.latestNumber();
    await gate.store.deadLetters.redrive({}, newest, 1);
    await gate.drain();
    await gate.restart();
    await bury('HIGH', [2]);

    expect(await gate.store.deadLetters.latestNumber()).toBeGreaterThan(newest);
  });
});
