import { describe, expect, it } from '@jest/globals';
import { COMPLETED, failed, Gate, MINUTE, newIngestion, retryIn } from '../contract/gate.js';
import { openSqlite } from '../contract/sqlite.js';
import { idRange } from '../support/lists.js';
import { SqliteFaults } from '../support/sqlite-connections.js';

const LONGEST_MS = 60_000;
/** The ids of each list that is measured: a dispatch costs more the more lists it takes ids from. */
const LIST_SIZE = 20;

/** Counts the calls to SQLite and the row steps of `work`. */
async function costOf(work: () => Promise<unknown>): Promise<number> {
  return SqliteFaults.count(async () => {
    await work();
  });
}

/** Measures the cost of each regular operation of the gate on this backlog. */
async function costs(gate: Gate): Promise<Record<string, number>> {
  const { ingestions, dispatches, deadLetters, maintenance } = gate.store;
  const id = await gate.accept('HIGH', idRange(1, LIST_SIZE));
  const [first, second, third] = [await gate.dispatch(), await gate.dispatch(), await gate.dispatch()];
  return {
    accept: await costOf(() => gate.accept('LOW', idRange(1, 5))),
    claim: await costOf(() => gate.dispatch()),
    'settle, completed': await costOf(() => gate.settle(first, COMPLETED)),
    'settle, one of each': await costOf(() => gate.settle(second, [COMPLETED, retryIn(0), failed()])),
    release: await costOf(() => dispatches.release([third])),
    'claim what was released': await costOf(() => gate.dispatch()),
    redrive: await costOf(async () => deadLetters.redrive({}, await deadLetters.latestNumber(), 1)),
    'claim what was redriven': await costOf(() => gate.dispatch({ batchSize: 1 })),
    status: await costOf(() => gate.find(id)),
    head: await costOf(async () => ingestions.findById(id)),
    'look for what lapsed': await costOf(() => dispatches.reclaimExpired()),
    'remove what is over': await costOf(() => maintenance.deleteExpired(1)),
  };
}

async function empty(gate: Gate): Promise<void> {
  await gate.store.advance(MINUTE);
  await gate.store.dispatches.reclaimExpired();
  await gate.drain();
  await gate.store.advance(MINUTE);
  while (await gate.store.maintenance.deleteExpired(1)) {
    // The loop ends when nothing is left to remove.
  }
}

describe('Cost follows the work at hand:', () => {
  it.each([
    ['10,000 ingestions', 10_000, LIST_SIZE],
    ['one ingestion of 1,000,000 ids', 1, 1_000_000],
  ])(
    'the same rows are touched with %s waiting as with an empty queue',
    async (_, ingestions, size) => {
      const gate = new Gate({ name: 'SQLite', open: openSqlite });
      await gate.open();
      try {
        await costs(gate); // the first run prepares some statements
        await empty(gate);
        const whenEmpty = await costs(gate);
        await empty(gate);
        await gate.acceptAll(
          Array.from({ length: ingestions }, () => newIngestion('HIGH', idRange(1, size))),
        );
        expect(await costs(gate)).toEqual(whenEmpty);
        expect(Math.max(...Object.values(whenEmpty))).toBeLessThan(40);
        expect(whenEmpty['settle, completed']).toBeLessThanOrEqual(7);
      } finally {
        await gate.close();
      }
    },
    LONGEST_MS,
  );
});
