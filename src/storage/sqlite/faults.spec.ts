import type { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { connectionOf, dump, SqliteFaults } from '../../../test/support/sqlite-connections.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { packIds } from '../../domain/packed-ids.js';
import type { NewIngestion } from '../../domain/ingestion.js';
import type { Priority } from '../../domain/priority.js';
import type { Dispatch, Outcome } from '../../domain/dispatch.js';
import { StoreUnavailableError, StoreOpenError } from '../../domain/store-errors.js';
import { SqliteStore } from './store.js';
import { claimFrom, releaseOne, settleOne } from '../../../test/support/claims.js';

const TERMS = { lane: DEFAULT_LANE, batchSize: 3, delayMs: 0, leaseMs: 60_000, agingMs: null };
const KNOWN_ID = '0198c0de-0000-7000-8000-000000000001';
const DAY_MS = 86_400_000;
/** The test opens two stores for each call of a start and of a stop. */
const EVERY_CALL_MS = 240_000;
const REJECTED = { kind: 'rejected', message: 'no' } as const;
const OUTCOMES: readonly Outcome[] = [
  { kind: 'completed' },
  { kind: 'retry', delayMs: 0, error: REJECTED },
  { kind: 'failed', error: REJECTED },
];

interface Stage {
  readonly store: SqliteStore;
  readonly clock: ManualClock;
  readonly connection: DatabaseSync;
  /** The dispatches in the order of their claims. */
  readonly claimed: Dispatch[];
}

function ingestion(priority: Priority, size: number, key: string, ingestionId = uuidV7()): NewIngestion {
  return {
    ingestionId,
    lane: DEFAULT_LANE,
    priority,
    client: null,
    packedIds: packIds(Array.from({ length: size }, (_, i) => i + 1)),
    idempotency: { key: Buffer.from(key), content: Buffer.from(key), windowMs: 1000 },
  };
}

async function accept({ store }: Stage): Promise<void> {
  await store.ingestions.acceptAll([ingestion('LOW', 2, 'a'), ingestion('HIGH', 600, 'b', KNOWN_ID)]);
}

async function claim({ store, claimed: all }: Stage): Promise<Dispatch> {
  const claimed = await claimFrom(store, TERMS);
  if (claimed.kind !== 'dispatch') {
    throw new Error(claimed.kind);
  }
  all.push(claimed.dispatch);
  return claimed.dispatch;
}

/** Returns the dispatch that was claimed last. */
function lastOf({ claimed }: Stage): Dispatch {
  const last = claimed.at(-1);
  if (last === undefined) {
    throw new Error('nothing was claimed');
  }
  return last;
}

/** Creates new ids, retries, ids in flight and dead letters, and a key whose window has expired. */
async function makeBusy(stage: Stage): Promise<void> {
  await accept(stage);
  await settleOne(stage.store, await claim(stage), OUTCOMES);
  stage.clock.advance(2000);
}

interface Case {
  readonly name: string;
  prepare(stage: Stage): Promise<void>;
  run(stage: Stage): Promise<unknown>;
  readonly returns: unknown;
}

const CASES: readonly Case[] = [
  {
    name: 'an acceptance',
    prepare: makeBusy,
    run: ({ store }) =>
      store.ingestions
        .acceptAll([ingestion('HIGH', 501, 'c'), ingestion('LOW', 1, 'a'), ingestion('LOW', 1, 'a')])
        .then((answers) => answers.map(({ kind }) => kind)),
    returns: ['accepted', 'accepted', 'replayed'],
  },
  {
    name: 'a claim',
    prepare: makeBusy,
    run: (stage) => claim(stage).then(({ parts }) => parts.map(({ first, size }) => [first, size])),
    returns: [
      [1, 1],
      [3, 2],
    ],
  },
  {
    name: 'a claim that finds nothing due',
    prepare: async () => undefined,
    run: ({ store }) => claimFrom(store, TERMS),
    returns: { kind: 'nothing_due', dueInMs: null },
  },
  {
    name: 'an outcome',
    prepare: async (stage) => {
      await makeBusy(stage);
      await claim(stage);
    },
    run: (stage) => settleOne(stage.store, lastOf(stage), OUTCOMES),
    returns: true,
  },
  {
    name: 'a release',
    prepare: makeBusy,
    run: (stage) => releaseOne(stage.store, lastOf(stage)),
    returns: false,
  },
  {
    name: 'a renewal',
    prepare: async (stage) => {
      await makeBusy(stage);
      await claim(stage);
    },
    run: ({ store, claimed }) => store.dispatches.renewLeases(claimed, 120_000).then(({ length }) => length),
    returns: 1,
  },
  {
    name: 'a take-over',
    prepare: async (stage) => {
      await makeBusy(stage);
      await claim(stage);
      await claim(stage);
      stage.clock.advance(TERMS.leaseMs);
    },
    run: ({ store }) => store.dispatches.reclaimExpired().then(({ length }) => length),
    returns: 2,
  },
  {
    name: 'a redrive',
    prepare: makeBusy,
    run: ({ store }) => store.deadLetters.redrive({ kind: 'rejected' }, 10, 10),
    returns: 1,
  },
  {
    name: 'a list of dead letters',
    prepare: makeBusy,
    run: ({ store }) =>
      store.deadLetters
        .scan({}, null, 10)
        .then(({ found }) => found)
        .then(({ length }) => length),
    returns: 1,
  },
  {
    name: 'a removal',
    prepare: async (stage) => {
      await stage.store.ingestions.acceptAll([ingestion('LOW', 3, 'x')]);
      await settleOne(stage.store, await claim(stage), OUTCOMES);
      await settleOne(stage.store, await claim(stage), [{ kind: 'completed' }]);
      stage.clock.advance(DAY_MS);
    },
    run: ({ store }) => store.maintenance.deleteExpired(DAY_MS),
    returns: false,
  },
  {
    name: 'a look at an ingestion',
    prepare: makeBusy,
    run: ({ store }) =>
      store.ingestions.findWithBatches(KNOWN_ID, 0, 10).then((page) => page?.ingestion.total),
    returns: 600,
  },
  {
    name: 'a look at its ids',
    prepare: makeBusy,
    run: ({ store }) =>
      store.ingestions
        .readIds({ seq: 2, ingestionId: KNOWN_ID }, 0, 600)
        .then((packedIds) => packedIds?.length),
    returns: 600 * 8,
  },
];

describe('The embedded store, each call to SQLite failing in turn,', () => {
  const newFolder = useTempFolders();

  async function setUp(prepare: Case['prepare']): Promise<Stage> {
    const [folder, clock] = [newFolder(), new ManualClock()];
    const stores: SqliteStore[] = [];
    const connection = connectionOf(() => stores.push(SqliteStore.open(folder, clock)));
    const [store] = stores;
    if (store === undefined) {
      throw new Error('no store');
    }
    const stage = { store, clock, connection, claimed: [] };
    await prepare(stage);
    return stage;
  }

  describe.each([
    ['alone', (n: number) => [n]],
    ['with the one after it', (n: number) => [n, n + 1]],
  ])('%s,', (_, failingFrom) => {
    it.each(CASES)('does nothing of $name, and all of it in the end', async ({ prepare, run, returns }) => {
      const stage = await setUp(prepare);
      const before = dump(stage.connection);
      let failures = 0;
      for (let isReached = true; isReached;) {
        let result: unknown;
        isReached = await SqliteFaults.during(failingFrom(failures + 1), async () => {
          result = await run(stage).catch((error: unknown) => error);
        });
        if (isReached) {
          failures += 1;
          expect(result).toBeInstanceOf(StoreUnavailableError);
          await stage.store.maintenance.ping();
          expect(dump(stage.connection)).toEqual(before);
        } else {
          expect(result).toEqual(returns);
        }
      }
      expect(failures).toBeGreaterThan(0);
      await stage.store.close();
    });
  });

  it(
    'migrates nothing by halves, and lets go of the file',
    async () => {
      for (let n = 1; ; n++) {
        const folder = newFolder();
        let error: unknown;
        const opened: SqliteStore[] = [];
        const isReached = await SqliteFaults.during([n], async () => {
          try {
            opened.push(SqliteStore.open(folder, new ManualClock()));
            await Promise.all(opened.map((store) => store.close()));
          } catch (thrown) {
            error = thrown;
          }
        });
        if (!isReached) {
          expect(n).toBeGreaterThan(10);
          return;
        }
        if (opened.length > 0) {
          expect(error).toBeUndefined(); // the log that could not be checkpointed stays beside the file
        } else {
          expect(error).toBeInstanceOf(StoreOpenError);
        }
        const claimed: readonly Dispatch[] = [];
        const stage = { store: SqliteStore.open(folder, new ManualClock()), claimed } as Stage;
        await accept(stage);
        expect((await claim(stage)).parts).toHaveLength(1);
        await stage.store.close();
      }
    },
    EVERY_CALL_MS,
  );
});
