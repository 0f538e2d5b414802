import { describe, expect, it } from '@jest/globals';
import { COMPLETED, Gate, newIngestion } from '../contract/gate.js';
import { openSqlite } from '../contract/sqlite.js';
import { SqliteFaults } from '../support/sqlite-connections.js';

const LONGEST_MS = 60_000;
const list = (size: number): number[] => Array.from({ length: size }, (_, i) => i + 1);

/** How many times `work` calls SQLite or steps to a row. */
async function costOf(work: () => Promise<unknown>): Promise<number> {
  return SqliteFaults.count(async () => {
    await work();
  });
}

/** What each thing costs that the gate does all day, on this backlog. */
async function costs(gate: Gate): Promise<Record<string, number>> {
  const id = await gate.accept('HIGH', list(6));
  const dispatch = await gate.dispatch();
  return {
    accept: await costOf(() => gate.accept('LOW', list(5))),
    claim: await costOf(() => gate.dispatch()),
    settle: await costOf(() => gate.settle(dispatch, COMPLETED)),
    status: await costOf(() => gate.find(id)),
    'look for what lapsed': await costOf(() => gate.store.dispatches.takeOverLapsed()),
    'remove what is over': await costOf(() => gate.store.retention.removeSome(1)),
  };
}

describe('Cost follows the work at hand:', () => {
  it.each([
    ['10,000 ingestions', 10_000, 6],
    ['one ingestion of 1,000,000 ids', 1, 1_000_000],
  ])(
    'the same rows are touched with %s waiting as with an empty queue',
    async (_, ingestions, size) => {
      const gate = new Gate({ name: 'SQLite', open: openSqlite });
      await gate.open();
      try {
        const whenEmpty = await costs(gate);
        await gate.acceptAll(Array.from({ length: ingestions }, () => newIngestion('HIGH', list(size))));
        expect(await costs(gate)).toEqual(whenEmpty);
        expect(Math.max(...Object.values(whenEmpty))).toBeLessThan(40);
      } finally {
        await gate.close();
      }
    },
    LONGEST_MS,
  );
});
