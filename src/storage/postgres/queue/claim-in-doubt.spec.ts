import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../../platform/config/database-url.js';
import { highList, idsOf } from '../../../../test/support/lists.js';
import { withClient } from '../../../../test/support/postgres-stores.js';
import { startOwnPostgres, type OwnServer } from '../../../../test/support/postgres.js';
import { TcpProxy } from '../../../../test/support/tcp-proxy.js';
import { DEFAULT_LANE } from '../../../domain/lane.js';
import { SystemRuntime } from '../../../domain/system-runtime.js';
import { InDoubtError } from '../database/postgres-errors.js';
import { PostgresStore } from '../store.js';
import { claimFrom, settleOne } from '../../../../test/support/claims.js';

const LONG_MS = 120_000;
const TERMS = { lane: DEFAULT_LANE, batchSize: 3, delayMs: 0, leaseMs: 600_000, agingMs: null };
const OPTIONS = { schema: 'sluice', poolSize: 4, connectTimeoutMs: 5000 };

/** Two processes; the network of one of them is cut. */
describe('A claim in doubt on PostgreSQL', () => {
  let server: OwnServer;
  let proxy: TcpProxy;
  let cutOff: PostgresStore;
  let other: PostgresStore;

  beforeAll(async () => {
    server = await startOwnPostgres();
    proxy = await TcpProxy.before(server.url);
    cutOff = await PostgresStore.open(
      { ...OPTIONS, servers: parseDatabaseUrl(proxy.through(server.url)) },
      new SystemRuntime(),
    );
    other = await PostgresStore.open(
      { ...OPTIONS, servers: parseDatabaseUrl(server.url) },
      new SystemRuntime(),
    );
  }, LONG_MS);

  afterEach(() => waitForStandby(false));

  afterAll(async () => {
    await Promise.all([cutOff.close(), other.close()]);
    await proxy.close();
    await server.stop();
  }, LONG_MS);

  async function waitForStandby(isOn: boolean): Promise<void> {
    await withClient(server.url, async (client) => {
      await client.query(
        isOn
          ? "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
          : 'ALTER SYSTEM RESET synchronous_standby_names',
      );
      await client.query('SELECT pg_reload_conf()');
    });
  }

  const accept = (first: number): Promise<unknown> =>
    other.ingestions.acceptAll([highList([first, first + 1, first + 2])]);

  /** Returns the ids of the next dispatch that the other process claims. */
  async function idsThatGoNext(): Promise<bigint[]> {
    const claim = await claimFrom(other, TERMS);
    if (claim.kind !== 'dispatch') {
      throw new Error(`no dispatch, but ${claim.kind}`);
    }
    const ids = idsOf(claim.dispatch);
    await settleOne(
      other,
      claim.dispatch,
      ids.map(() => ({ kind: 'completed' })),
    );
    return ids;
  }

  /** Waits for the release without any request to the cut-off process. */
  async function untilGivenBack(): Promise<void> {
    await withClient(server.url, async (client) => {
      const isHeld = 'SELECT 1 FROM sluice.dispatch WHERE ended_at IS NULL AND ending IS NULL';
      while (((await client.query(isHeld)).rowCount ?? 0) > 0) {
        await client.query('SELECT pg_sleep(0.02)');
      }
    });
  }

  it(
    'gives its ids back by itself, and they go before those of later lists',
    async () => {
      await accept(1);
      proxy.cutInsteadOf({ from: 'packed_ids', until: 'COMMIT' });
      await expect(claimFrom(cutOff, TERMS)).rejects.toThrow(InDoubtError);
      await accept(4);
      await untilGivenBack();

      expect([await idsThatGoNext(), await idsThatGoNext()]).toEqual([
        [1n, 2n, 3n],
        [4n, 5n, 6n],
      ]);
    },
    LONG_MS,
  );

  it(
    'gives them back also where its COMMIT ends only after it was given up',
    async () => {
      await accept(1);
      await accept(4);
      await waitForStandby(true);
      await expect(claimFrom(cutOff, TERMS)).rejects.toThrow(InDoubtError);
      await waitForStandby(false);
      // That COMMIT locks the lane's row until it has ended: a statement that gets the row sees its result.
      await withClient(server.url, (client) => client.query('UPDATE sluice.gate SET turn = turn'));
      await untilGivenBack();

      expect([await idsThatGoNext(), await idsThatGoNext()]).toEqual([
        [1n, 2n, 3n],
        [4n, 5n, 6n],
      ]);
    },
    LONG_MS,
  );
});
