import { describe, expect, it, jest } from '@jest/globals';
import type { Dispatch, Outcome } from '../../src/domain/dispatch.js';
import { parseLimits } from '../../src/domain/limits/parse-limits.js';
import { toCallKeys } from '../../src/scheduler/dispatch/call-keys.js';
import { LaneRules } from '../../src/scheduler/rules/lane-rules.js';
import { PostgresDatabase } from '../../src/storage/postgres/database/database.js';
import { idRange } from '../support/lists.js';
import { SqliteFaults } from '../support/sqlite-connections.js';
import { failed, idsOf, MINUTE, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

/** The outcome of an id whose call timed out. */
const UNKNOWN: Outcome = {
  kind: 'retry',
  delayMs: 0,
  error: { kind: 'timeout', message: 'no answer' },
  isOutcomeUnknown: true,
};
const ANSWERED = retryIn(0);
const TOGETHER = { sharesKey: true, leaseMs: MINUTE };

function keyOf(dispatch: Dispatch): string {
  return toCallKeys(dispatch).dispatch.value;
}

function idKeysOf(dispatch: Dispatch): Record<string, string> {
  const { ids } = toCallKeys(dispatch);
  return Object.fromEntries(idsOf(dispatch).map((id, i) => [String(id), ids[i]?.value ?? '']));
}

describe.each(STORES)('$name keeps the key of a call whose outcome is unknown:', (underTest) => {
  const gate = useGate(underTest);

  it.each([
    ['nothing was sent', 0],
    ['retries are due after answers', 1],
  ])('costs a claim no statement where no outcome is unknown and %s', async (_, settled) => {
    await gate.accept('HIGH', idRange(1, 30));
    for (let i = 0; i < settled; i++) {
      await gate.settle(await gate.dispatch(TOGETHER), ANSWERED);
    }
    await gate.store.advance(SECOND); // in close succession to the last work SQLite would flush in another way
    await gate.dispatch({ leaseMs: MINUTE }); // prepares the statements

    await gate.store.advance(SECOND);
    const apart = await countStatements(async () => gate.dispatch({ leaseMs: MINUTE }));
    await gate.store.advance(SECOND);
    const together = await countStatements(async () => gate.dispatch(TOGETHER));

    expect(apart).toBeGreaterThan(0);
    expect(together).toBe(apart);
  });

  describe('one request a dispatch:', () => {
    it('sends the same ids together, and nothing else, under the same key', async () => {
      await gate.accept('HIGH', [1, 2]);
      const first = await gate.dispatch(TOGETHER);
      await gate.accept('HIGH', [3, 4]);
      await gate.settle(first, UNKNOWN);

      const again = await gate.dispatch(TOGETHER);

      expect(idsOf(again)).toEqual([1n, 2n]);
      expect(again.dispatchId).not.toBe(first.dispatchId);
      expect(toCallKeys(again).dispatch).toMatchObject({ value: first.dispatchId, isRepeated: true });
      expect(idsOf(await gate.dispatch(TOGETHER))).toEqual([3n, 4n]);
    });

    it('keeps it as long as no outcome is known', async () => {
      await gate.accept('HIGH', [1, 2, 3]);
      const first = await gate.dispatch(TOGETHER);
      await gate.settle(first, UNKNOWN);
      await gate.settle(await gate.dispatch(TOGETHER), UNKNOWN);
      await gate.release(await gate.dispatch(TOGETHER));
      await gate.dispatch(TOGETHER);
      await gate.store.advance(MINUTE);
      await gate.store.dispatches.reclaimExpired();

      const last = await gate.dispatch(TOGETHER);

      expect(keyOf(last)).toBe(first.dispatchId);
      expect(last.parts.map(({ failures }) => failures)).toEqual([2, 2, 2]);
    });

    it('has a new one after an answer, also after an answer to a repeated call', async () => {
      await gate.accept('HIGH', [1, 2, 3]);
      const answered = await gate.dispatch(TOGETHER);
      await gate.settle(answered, ANSWERED);
      const second = await gate.dispatch(TOGETHER);
      expect(toCallKeys(second).dispatch).toMatchObject({ value: second.dispatchId, isRepeated: false });

      await gate.settle(second, UNKNOWN);
      const repeated = await gate.dispatch(TOGETHER);
      await gate.settle(repeated, ANSWERED);
      const last = await gate.dispatch(TOGETHER);

      expect(keyOf(repeated)).toBe(second.dispatchId);
      expect(keyOf(last)).toBe(last.dispatchId);
    });

    it('keeps it where the repeated call was refused or not sent, which says nothing of the first one', async () => {
      await gate.accept('HIGH', [1, 2, 3]);
      const first = await gate.dispatch(TOGETHER);
      await gate.settle(first, UNKNOWN);
      await gate.settle(await gate.dispatch(TOGETHER), { kind: 'postponed' });
      await gate.store.dispatches.release([await gate.dispatch(TOGETHER)], false);

      expect(keyOf(await gate.dispatch(TOGETHER))).toBe(first.dispatchId);
    });

    it('has a new one where nothing was sent under the old one', async () => {
      await gate.accept('HIGH', [1, 2]);
      await gate.store.dispatches.release([await gate.dispatch(TOGETHER)], false);
      await gate.settle(await gate.dispatch(TOGETHER), { kind: 'postponed' });
      await gate.accept('HIGH', [3]);

      const last = await gate.dispatch(TOGETHER);

      expect(idsOf(last)).toEqual([1n, 2n, 3n]);
      expect(keyOf(last)).toBe(last.dispatchId);
    });

    it('has a new one after a redrive', async () => {
      await gate.accept('HIGH', [1, 2]);
      const first = await gate.dispatch(TOGETHER);
      await gate.settle(first, UNKNOWN);
      await gate.settle(await gate.dispatch(TOGETHER), failed('no answer, and no attempts left'));
      await gate.store.deadLetters.redrive({}, Number.MAX_SAFE_INTEGER, 10);

      const redriven = await gate.dispatch(TOGETHER);

      expect(idsOf(redriven)).toEqual([1n, 2n]);
      expect(keyOf(redriven)).toBe(redriven.dispatchId);
    });

    it('is kept over a kill', async () => {
      await gate.accept('HIGH', [1, 2]);
      const first = await gate.dispatch(TOGETHER);
      await gate.accept('HIGH', [3]);
      await gate.restart();
      await gate.store.advance(MINUTE);
      await gate.store.dispatches.reclaimExpired();

      const again = await gate.dispatch(TOGETHER);

      expect(idsOf(again)).toEqual([1n, 2n]);
      expect(keyOf(again)).toBe(first.dispatchId);
    });

    it('tells apart calls that were cut off at the same moment', async () => {
      await gate.accept('MEDIUM', [1, 2, 3, 4, 5, 6, 7]);
      const dispatches = await gate.queue.claimMany({
        lane: 'default',
        batchSize: 3,
        delayMs: 0,
        agingMs: null,
        maxDispatches: 3,
        ...TOGETHER,
      });
      await gate.restart();
      await gate.store.advance(MINUTE);
      await gate.store.dispatches.reclaimExpired();
      await gate.accept('MEDIUM', [8]);
      await gate.accept('HIGH', [9]);

      const again = await gate.queue.claimMany({
        lane: 'default',
        batchSize: 3,
        delayMs: 0,
        agingMs: null,
        maxDispatches: 5,
        ...TOGETHER,
      });

      const of = (result: typeof again): Dispatch[] =>
        result.kind === 'claimed' ? [...result.dispatches] : [];
      expect(of(again).map(idsOf)).toEqual([[9n], [1n, 2n, 3n], [4n, 5n, 6n], [7n], [8n]]);
      expect(of(again).slice(1, 4).map(keyOf)).toEqual(of(dispatches).map(({ dispatchId }) => dispatchId));
    });

    it('goes at the place of the first of its ids, with those of lower priorities', async () => {
      await gate.accept('LOW', [1, 2]);
      await gate.accept('HIGH', [3]);
      const mixed = await gate.dispatch(TOGETHER);
      expect(idsOf(mixed)).toEqual([3n, 1n, 2n]);
      await gate.settle(mixed, UNKNOWN);
      await gate.accept('HIGH', [4, 5]);

      const again = await gate.dispatch(TOGETHER);

      expect(idsOf(again)).toEqual([3n, 1n, 2n]);
      expect(keyOf(again)).toBe(mixed.dispatchId);
    });

    it('ends the dispatch before it: no id overtakes a repeated call', async () => {
      await gate.accept('LOW', [1, 2]);
      const low = await gate.dispatch(TOGETHER);
      await gate.settle(low, UNKNOWN);
      await gate.accept('HIGH', [3]);
      await gate.accept('LOW', [4]);

      expect(idsOf(await gate.dispatch(TOGETHER))).toEqual([3n]);
      expect(keyOf(await gate.dispatch(TOGETHER))).toBe(low.dispatchId);
      expect(idsOf(await gate.dispatch(TOGETHER))).toEqual([4n]);
    });

    it('moves with one of its lists to another priority', async () => {
      const moved = await gate.accept('LOW', [1]);
      await gate.accept('LOW', [2]);
      const low = await gate.dispatch(TOGETHER);
      await gate.settle(low, UNKNOWN);
      await gate.accept('MEDIUM', [3]);
      await gate.store.ingestions.reprioritizeStep(moved, 'HIGH', 100);

      expect(keyOf(await gate.dispatch(TOGETHER))).toBe(low.dispatchId);
      expect(idsOf(await gate.dispatch(TOGETHER))).toEqual([3n]);
    });

    it('is kept over a pause of the lane', async () => {
      await gate.accept('HIGH', [1, 2]);
      const first = await gate.dispatch(TOGETHER);
      await gate.settle(first, UNKNOWN);
      await gate.store.queue.pause('default');
      expect((await gate.claim(TOGETHER)).kind).toBe('paused');
      await gate.store.queue.resume('default');

      expect(keyOf(await gate.dispatch(TOGETHER))).toBe(first.dispatchId);
    });

    it.each([
      ['one of them was cancelled', TOGETHER, [[1n, 2n]]],
      ['a dispatch has become too small for them', { ...TOGETHER, batchSize: 2 }, [[1n, 2n], [3n]]],
      [
        'the limits have become too strict for them',
        { ...TOGETHER, rules: limits([{ ids: 2, per: 1 }]) },
        [[1n, 2n]],
      ],
    ])('ends where its ids cannot go together any more: %s', async (reason, terms, expected) => {
      await gate.accept('HIGH', [1, 2]);
      const list = await gate.accept('HIGH', [3]);
      const first = await gate.dispatch(TOGETHER);
      await gate.settle(first, UNKNOWN);
      if (reason.includes('cancelled')) {
        await gate.store.ingestions.cancelStep(list, 100);
      }

      for (const ids of expected) {
        const again = await gate.dispatch(terms);
        expect(idsOf(again)).toEqual(ids);
        expect(toCallKeys(again).dispatch).toMatchObject({ value: again.dispatchId, isRepeated: false });
      }
    });

    it('waits for the whole of its room under a limit', async () => {
      const terms = { ...TOGETHER, rules: limits([{ ids: 4, per: 60 }]) };
      await gate.accept('HIGH', [1, 2, 3]);
      const first = await gate.dispatch(terms);
      await gate.settle(first, UNKNOWN);

      expect(await gate.claim(terms)).toMatchObject({ kind: 'slot_closed', rule: '4 ids per 60 s' });
      await gate.store.advance(MINUTE + SECOND);
      expect(keyOf(await gate.dispatch(terms))).toBe(first.dispatchId);
    });

    it('is found behind more retries than a claim reads', async () => {
      await gate.accept('MEDIUM', [1, 2, 3]);
      await gate.accept('HIGH', [4, 5]);
      const mixed = await gate.dispatch(TOGETHER);
      expect(idsOf(mixed)).toEqual([4n, 5n, 1n]);
      const medium = await gate.dispatch(TOGETHER);
      await gate.settle(medium, ANSWERED);
      await gate.accept('MEDIUM', [6, 7]);
      await gate.settle(await gate.dispatch(TOGETHER), ANSWERED);
      await gate.settle(mixed, UNKNOWN);

      const again = await gate.dispatch(TOGETHER);

      expect(idsOf(again)).toEqual([4n, 5n, 1n]);
      expect(keyOf(again)).toBe(mixed.dispatchId);
    });
  });

  describe('one request an id:', () => {
    it('sends each id under its own key again, beside others', async () => {
      await gate.accept('HIGH', [1, 2, 3]);
      const first = await gate.dispatch();
      await gate.settle(first, [UNKNOWN, ANSWERED, UNKNOWN]);
      await gate.accept('HIGH', [4]);

      const again = await gate.dispatch({ batchSize: 4 });

      expect(idKeysOf(again)).toEqual({
        1: `${first.dispatchId}-0`,
        2: `${again.dispatchId}-1`,
        3: `${first.dispatchId}-2`,
        4: `${again.dispatchId}-3`,
      });
      expect(toCallKeys(again).ids.map(({ isRepeated }) => isRepeated)).toEqual([true, false, true, false]);
    });

    it('keeps it while ids travel in other dispatches, until there is an answer', async () => {
      await gate.accept('HIGH', [1, 2]);
      const first = await gate.dispatch();
      await gate.settle(first, UNKNOWN);
      await gate.settle(await gate.dispatch({ batchSize: 1 }), UNKNOWN);
      await gate.release(await gate.dispatch({ batchSize: 1 }));
      const both = await gate.dispatch();
      expect(idKeysOf(both)).toEqual({ 1: `${first.dispatchId}-0`, 2: `${first.dispatchId}-1` });
      await gate.settle(both, [ANSWERED, UNKNOWN]);

      const last = await gate.dispatch();

      const fresh = idsOf(last).indexOf(1n);
      expect(idKeysOf(last)).toEqual({
        1: `${last.dispatchId}-${String(fresh)}`,
        2: `${first.dispatchId}-1`,
      });
    });

    it('is kept over a kill', async () => {
      await gate.accept('HIGH', [1, 2, 3]);
      const first = await gate.dispatch({ leaseMs: MINUTE });
      await gate.restart();
      await gate.store.advance(MINUTE);
      await gate.store.dispatches.reclaimExpired();

      const again = await gate.dispatch({ batchSize: 2 });

      expect(idKeysOf(again)).toEqual({ 1: `${first.dispatchId}-0`, 2: `${first.dispatchId}-1` });
    });
  });
});

/** Counts the calls to SQLite, and the statements that are sent to PostgreSQL, during `work`. */
async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const prototype = PostgresDatabase.prototype;
  const reads = jest.spyOn(prototype, 'read');
  const writes = jest.spyOn(prototype, 'write');
  const transactions = jest.spyOn(prototype, 'writeAll');
  try {
    const calls = await SqliteFaults.count(async () => {
      await work();
    });
    const steps = transactions.mock.calls.reduce((sum, [each]) => sum + each.length, 0);
    return calls + reads.mock.calls.length + writes.mock.calls.length + steps;
  } finally {
    jest.restoreAllMocks();
  }
}

function limits(given: unknown): LaneRules {
  return new LaneRules({ limits: parseLimits(given), batchSize: 3, isPerId: false, timeoutMs: SECOND });
}
