import { describe, expect, it, jest } from '@jest/globals';
import { claimFrom, selectionsOf, UNLIMITED } from '../../../../test/support/claims.js';
import { highList } from '../../../../test/support/lists.js';
import { schedulerOptions } from '../../../../test/support/options.js';
import { usePostgres, withClient } from '../../../../test/support/postgres-stores.js';
import { SystemRuntime } from '../../../domain/system-runtime.js';
import { PriorityQueue } from '../../../scheduler/queue/priority-queue.js';
import { PostgresDatabase } from '../database/database.js';

describe('Claims of several lanes in one transaction on PostgreSQL', () => {
  const postgres = usePostgres();

  it('lock lists in the order of all locks, so that they cannot deadlock with outcomes', async () => {
    const schema = postgres.newSchema();
    const store = await postgres.open({ schema });
    const queue = new PriorityQueue(store.dispatches, schedulerOptions(), new SystemRuntime());
    const claim = (name: string): Promise<unknown> =>
      queue.claim({ lane: { options: { name, batchSize: 1, batchDelayMs: 0 } } });
    const accept = (lane: string): Promise<unknown> =>
      store.ingestions.acceptAll([{ ...highList([1]), lane }]);
    await accept('first'); // numbers the lane
    await claim('first');
    await accept('second');
    await accept('first');
    const lock = (seq: number): string =>
      `SELECT FROM ${schema}.ingestion WHERE seq = ${String(seq)} FOR NO KEY UPDATE`;

    await withClient(postgres.url, async (outcomes) => {
      await outcomes.query(`SET deadlock_timeout = '10ms'; BEGIN; ${lock(2)}`); // a deadlock fails this one
      const claims = Promise.all([claim('first'), claim('second')]);
      await untilWaiting(schema);
      await outcomes.query(lock(3)); // would be a deadlock if the claims held the list of the first lane
      await outcomes.query('COMMIT');

      expect(await claims).toMatchObject([{ kind: 'claimed' }, { kind: 'claimed' }]);
    });
  });

  it('are read by one statement, and written by one after the lock of the gates', async () => {
    const store = await postgres.open();
    const names = ['a', 'b', 'c'];
    await store.ingestions.acceptAll(names.map((lane) => ({ ...highList([1, 2]), lane })));
    const queue = new PriorityQueue(store.dispatches, schedulerOptions(), new SystemRuntime());
    const claimAll = (): Promise<unknown> =>
      Promise.all(
        names.map((name) => queue.claim({ lane: { options: { name, batchSize: 1, batchDelayMs: 0 } } })),
      );
    await claimAll();
    const reads = jest.spyOn(PostgresDatabase.prototype, 'readAll');
    const writes = jest.spyOn(PostgresDatabase.prototype, 'writeAll');
    await claimAll();

    expect(reads.mock.calls.map(([steps]) => steps.length)).toEqual([1]);
    expect(writes.mock.calls.map(([steps]) => steps.length)).toEqual([2]);
  });

  it('take nothing in a lane in which another process was faster, and their ids in the others', async () => {
    const schema = postgres.newSchema();
    const own = await postgres.open({ schema });
    const other = await postgres.open({ schema });
    const lanes = ['a', 'b', 'c'];
    await own.ingestions.acceptAll(lanes.map((lane) => ({ ...highList([1, 2, 3, 4]), lane })));
    const selections = await selectionsOf(own, lanes);
    await claimFrom(other, { ...UNLIMITED, lane: 'b' });

    const claims = await own.dispatches.commitClaims(selections);
    expect(
      claims.map((claim) => claim?.dispatches.map(({ parts }) => parts.map(({ size }) => size))),
    ).toEqual([[[3]], undefined, [[3]]]);
    expect(await postgres.run(`SELECT taken FROM ${schema}.ingestion ORDER BY seq`)).toEqual(
      lanes.map(() => ({ taken: 3 })),
    );
  });

  async function untilWaiting(schema: string): Promise<void> {
    for (;;) {
      const [row] = await postgres.run(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1`,
        [`%${schema}%`],
      );
      if (row !== undefined) {
        return;
      }
    }
  }
});
