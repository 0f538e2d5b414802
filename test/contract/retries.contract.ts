import { describe, expect, it } from '@jest/globals';
import { COMPLETED, failed, HOUR, idsOf, MINUTE, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const SLACK_MS = 10 * SECOND;

describe.each(STORES)('$name: retries', (underTest) => {
  const gate = useGate(underTest);

  it('claims no retry before its time, and says how long that is', async () => {
    await gate.accept('HIGH', [1, 2]);
    await gate.settle(await gate.dispatch(), [retryIn(10 * MINUTE), retryIn(5 * MINUTE)]);

    const claim = await gate.claim();
    expect(claim).toMatchObject({ kind: 'nothing_due' });
    const dueInMs = claim.kind === 'nothing_due' ? (claim.dueInMs ?? 0) : 0;
    expect(dueInMs).toBeLessThanOrEqual(5 * MINUTE);
    expect(dueInMs).toBeGreaterThan(5 * MINUTE - SLACK_MS);
    await gate.store.advance(5 * MINUTE - SLACK_MS);
    expect(await gate.claim()).toMatchObject({ kind: 'nothing_due' });
    await gate.store.advance(SLACK_MS);
    expect(idsOf(await gate.dispatch())).toEqual([2n]);
    await gate.store.advance(5 * MINUTE);
    expect(idsOf(await gate.dispatch())).toEqual([1n]);
  });

  it('tells the soonest retry of all priorities', async () => {
    await gate.accept('LOW', [1]);
    await gate.settle(await gate.dispatch(), retryIn(MINUTE));
    await gate.accept('HIGH', [2]);
    await gate.settle(await gate.dispatch(), retryIn(HOUR));

    const claim = await gate.claim();
    expect(claim.kind === 'nothing_due' && claim.dueInMs).toBeLessThanOrEqual(MINUTE);
  });

  it('sends new ids meanwhile', async () => {
    await gate.accept('HIGH', [1, 2, 3, 4, 5]);
    await gate.settle(await gate.dispatch(), retryIn(HOUR));

    expect(await gate.drain()).toEqual([[4n, 5n]]);
  });

  it('sends a retry with a delay of 0 at once', async () => {
    await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), retryIn(0));

    expect(idsOf(await gate.dispatch())).toEqual([1n]);
  });

  it('counts failures id by id', async () => {
    await gate.accept('HIGH', [1, 2]);
    await gate.settle(await gate.dispatch(), [COMPLETED, retryIn(0)]);
    await gate.accept('HIGH', [3]);
    await gate.settle(await gate.dispatch(), retryIn(0));

    const { parts } = await gate.dispatch();
    expect(parts.map(({ first, failures }) => ({ first, failures }))).toEqual([
      { first: 1, failures: 2 },
      { first: 0, failures: 1 },
    ]);
  });

  it('counts neither what lapsed nor what was released', async () => {
    await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), retryIn(0));
    for (let round = 0; round < 3; round++) {
      await gate.dispatch({ leaseMs: MINUTE });
      await gate.store.advance(MINUTE);
      await gate.store.dispatches.reclaimExpired();
      await gate.release(await gate.dispatch());
    }

    expect((await gate.dispatch()).parts).toMatchObject([{ failures: 1 }]);
  });

  it('keeps every attempt with its kind, message and time, the oldest first', async () => {
    const id = await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), {
      kind: 'retry',
      delayMs: 0,
      error: { kind: 'timeout', message: 'no answer' },
    });
    await gate.store.advance(HOUR);
    await gate.dispatch({ leaseMs: MINUTE });
    await gate.store.advance(HOUR);
    await gate.store.dispatches.reclaimExpired();
    await gate.settle(await gate.dispatch(), failed('no more'));

    const [letter, ...others] = await listDeadLetters(gate.store, { ingestionId: id }, null, 10);
    expect(others).toEqual([]);
    expect(letter?.attempts.map(({ kind, message }) => [kind, message])).toEqual([
      ['timeout', 'no answer'],
      ['lapsed', expect.any(String)],
      ['rejected', 'no more'],
    ]);
    const times = letter?.attempts.map(({ attemptedAtMs }) => attemptedAtMs) ?? [];
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(2 * HOUR);
    expect(times[2]).toBe(letter?.failedAtMs);
  });

  it('keeps retries over a kill', async () => {
    await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch(), retryIn(10 * MINUTE));
    await gate.restart();

    const claim = await gate.claim();
    const dueInMs = claim.kind === 'nothing_due' ? (claim.dueInMs ?? 0) : 0;
    expect(dueInMs).toBeGreaterThan(0);
    expect(dueInMs).toBeLessThanOrEqual(10 * MINUTE);
    await gate.store.advance(dueInMs);
    expect((await gate.dispatch()).parts).toMatchObject([{ failures: 1 }]);
  });

  it('lists the pending retries of a list, the soonest first, with their last error', async () => {
    const id = await gate.accept('HIGH', [7, 8, 9]);
    await gate.accept('HIGH', [1]);
    await gate.settle(await gate.dispatch({ batchSize: 4 }), [
      retryIn(10 * MINUTE),
      COMPLETED,
      retryIn(5 * MINUTE),
      retryIn(MINUTE),
    ]);
    const { seq } = (await gate.find(id)).ingestion;
    const retries = await gate.store.results.retries(seq, 10);

    expect(retries).toMatchObject([
      { position: 2, failures: 1, kind: 'upstream' },
      { position: 0, failures: 1, kind: 'upstream' },
    ]);
    expect(retries[0]?.dueInMs).toBeLessThanOrEqual(5 * MINUTE);
    expect(retries[0]?.dueInMs).toBeGreaterThan(5 * MINUTE - SLACK_MS);
    expect(typeof retries[0]?.failedAtMs).toBe('number');
    expect(await gate.store.results.retries(seq, 1)).toHaveLength(1);
    await gate.store.advance(5 * MINUTE);
    await gate.settle(await gate.dispatch({ batchSize: 1 }), retryIn(0));
    await gate.settle(await gate.dispatch({ batchSize: 1 }), failed('no such id'));
    expect(await gate.store.results.retries(seq, 10)).toMatchObject([{ position: 0, failures: 1 }]);
  });
});
