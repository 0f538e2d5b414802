import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../platform/config/database-url.js';
import { highList } from '../../../test/support/lists.js';
import { withClient } from '../../../test/support/postgres-stores.js';
import { startOwnPostgres, type OwnServer } from '../../../test/support/postgres.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import type { Dispatch, Outcome } from '../../domain/dispatch.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import type { ClaimedDelivery } from '../../domain/webhook-delivery.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import { CommitClaims } from './queue/commit-claims.js';
import { GatheredHeads } from './queue/gathered-heads.js';
import { QueueHeadReader } from './queue/queue-head.js';
import { PostgresDatabase } from './database/database.js';
import { PostgresStore } from './store.js';
import { claimFrom, releaseOne, selectionOf, settleOne } from '../../../test/support/claims.js';

const LONG_MS = 120_000;
const MINUTE = 60_000;
const TERMS = { lane: DEFAULT_LANE, batchSize: 3, delayMs: 0, leaseMs: 10 * MINUTE, agingMs: null };
const COMPLETED: Outcome = { kind: 'completed' };
const BLOCK = highList(Array.from({ length: 500 }, (_, i) => i + 1)).packedIds;
const DELIVERED = { state: 'delivered', httpStatus: 200, error: null } as const;

/** Copies files with their owners: the server may run as another user. */
function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  execFileSync('cp', ['-a', from, to]);
}

/** A server whose files are restored to an earlier state while processes stay connected. */
describe('PostgreSQL, restored from a backup under a running process,', () => {
  let server: OwnServer;
  let store: PostgresStore;
  const backup = mkdtempSync(join(tmpdir(), 'sluice-lost-tail-'));

  async function crashAnd(change: () => void): Promise<void> {
    await server.crash();
    change();
    await server.start();
  }

  const backUp = (): Promise<void> =>
    crashAnd(() => {
      copy(server.folder, backup);
    });

  const restore = (): Promise<void> =>
    crashAnd(() => {
      copy(backup, server.folder);
    });

  /** Retries the work: each connection that the crash broke fails once. */
  async function again<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) {
          throw error;
        }
      }
    }
  }

  const accept = (ids: number[], callbackUrl?: string): Promise<unknown> =>
    again(() =>
      store.ingestions.acceptAll([{ ...highList(ids), ...(callbackUrl !== undefined && { callbackUrl }) }]),
    );

  async function claim(): Promise<Dispatch> {
    const claimed = await again(() => claimFrom(store, TERMS));
    if (claimed.kind !== 'dispatch') {
      throw new Error(`no dispatch, but ${claimed.kind}`);
    }
    return claimed.dispatch;
  }

  const turn = async (): Promise<unknown> =>
    withClient(
      server.url,
      async (client) => (await client.query<{ turn: string }>('SELECT turn FROM sluice.gate')).rows,
    );

  beforeAll(async () => {
    server = await startOwnPostgres();
    const options = {
      servers: parseDatabaseUrl(server.url),
      schema: 'sluice',
      poolSize: 4,
      connectTimeoutMs: 5000,
    };
    store = await PostgresStore.open(options, new SystemRuntime());
  }, LONG_MS);

  afterAll(async () => {
    await store.close();
    await server.stop();
    rmSync(backup, { recursive: true, force: true });
  }, LONG_MS);

  it(
    'keeps a late outcome from the dispatch, and a late attempt from the delivery, that have the lost numbers',
    async () => {
      const claimDelivery = async (url: string): Promise<ClaimedDelivery | undefined> => {
        await accept([9], url);
        const ended = await claim();
        await settleOne(store, ended, [COMPLETED]);
        return (await store.deliveries.claim(1, MINUTE))[0];
      };
      await backUp();
      const [delivery, lost] = [
        await claimDelivery('https://lost.example/'),
        (await accept([1, 2]), await claim()),
      ];
      const lostTurn = await turn();
      await restore();
      const [other, now] = [
        await claimDelivery('https://other.example/'),
        (await accept([3, 4]), await claim()),
      ];

      expect([now.dispatchNo, other?.deliveryNo]).toEqual([lost.dispatchNo, delivery?.deliveryNo]);
      expect(await turn()).not.toEqual(lostTurn);
      expect(other?.claimNo).not.toBe(delivery?.claimNo);
      expect(await settleOne(store, lost, [COMPLETED, COMPLETED])).toBe(false);
      expect(await releaseOne(store, lost)).toBe(false);
      expect(delivery && (await store.deliveries.record(delivery, DELIVERED))).toBe(false);
      expect(await settleOne(store, now, [COMPLETED, COMPLETED])).toBe(true);
      expect(other && (await store.deliveries.record(other, DELIVERED))).toBe(true);
    },
    LONG_MS,
  );

  it(
    'keeps the blocks of a list that was lost out of the one that is staged after it',
    async () => {
      await backUp();
      const lost = await again(() => store.staging.create(MINUTE, null));
      await store.staging.append(lost, { packedIds: BLOCK, precedingIds: 0 }, MINUTE);
      await restore();
      const staged = await again(() => store.staging.create(MINUTE, null));
      await store.staging.append(staged, { packedIds: BLOCK, precedingIds: 0 }, MINUTE);

      await expect(
        store.staging.append(lost, { packedIds: BLOCK, precedingIds: 500 }, MINUTE),
      ).rejects.toThrow('was given up, or is not whole');
      await store.staging.abandon(lost);
      expect(await store.staging.pendingCounts(null)).toMatchObject({ staged: 500 });
      await store.staging.abandon(staged);
    },
    LONG_MS,
  );

  it(
    'takes nothing by a claim whose queue was read before the restore, though the turn is the same',
    async () => {
      const database = new PostgresDatabase(
        { servers: parseDatabaseUrl(server.url), schema: 'sluice', poolSize: 2, connectTimeoutMs: 5000 },
        2,
        new SystemRuntime(),
      );
      const begin = new CommitClaims('sluice');
      const head = new QueueHeadReader(
        { heads: new GatheredHeads(database, 'sluice'), reads: database },
        'sluice',
        1,
      );
      const request = { maxIds: TERMS.batchSize, listsPerClient: null, rules: null };
      await backUp();
      await accept([1, 2, 3]);
      const { gate, serverStarted, pending } = await again(() => head.read(request));
      const selection = selectionOf(TERMS.lane, gate.turn, pending);
      await restore();
      await accept([4]);
      const dispatchIds = ['01980000-0000-7000-8000-000000000000'];
      const { statement, values } = begin.bind([{ laneNo: 1, selection, dispatchIds, gate, serverStarted }]);

      expect(selection.dispatches[0]).toHaveLength(1);
      expect((await again(() => head.read(request))).gate.turn).toBe(gate.turn);
      expect(await again(() => database.write(statement, values))).toEqual([]);

      const now = await claim();
      expect(now.parts).toMatchObject([{ first: 0, size: 1 }]);
      await settleOne(store, now, [COMPLETED]);
      await database.close();
    },
    LONG_MS,
  );
});
