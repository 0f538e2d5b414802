import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../../platform/config/database-url.js';
import { highList } from '../../../../test/support/lists.js';
import { withClient } from '../../../../test/support/postgres-stores.js';
import { startOwnPostgres, type OwnServer } from '../../../../test/support/postgres.js';
import { SystemRuntime } from '../../../domain/system-runtime.js';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import { PostgresStore } from '../store.js';

const LONG_MS = 120_000;
const POOL_SIZE = 6;
const ATTEMPTS_AT_ONCE = 4;
/** An attempt whose COMMIT was sent is abandoned after 6 s. */
const ROUNDS = 8;

describe('PostgreSQL whose synchronous standby is away', () => {
  let server: OwnServer;
  let store: PostgresStore;

  beforeAll(async () => {
    server = await startOwnPostgres();
    const options = {
      servers: parseDatabaseUrl(server.url),
      schema: 'sluice',
      poolSize: POOL_SIZE,
      connectTimeoutMs: 5000,
    };
    store = await PostgresStore.open(options, new SystemRuntime());
  }, LONG_MS);

  afterAll(async () => {
    await store.close();
    await server.stop();
  }, LONG_MS);

  async function waitForStandby(change: string): Promise<void> {
    await withClient(server.url, async (client) => {
      await client.query(`ALTER SYSTEM ${change}`);
      await client.query('SELECT pg_reload_conf()');
    });
  }

  function connections(): Promise<number> {
    return withClient(server.url, async (client) => {
      const { rows } = await client.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'sluice'",
      );
      return rows[0]?.count ?? 0;
    });
  }

  const accept = (): Promise<unknown> => store.ingestions.acceptAll([highList([1])]);

  it(
    'keeps few connections more than the pool has, whatever is tried; reads go on, and writes when it is back',
    async () => {
      await waitForStandby("SET synchronous_standby_names = 'nobody'");
      for (let round = 0; round < ROUNDS; round++) {
        const attempts = Array.from({ length: ATTEMPTS_AT_ONCE }, accept);
        for (const { status } of await Promise.allSettled(attempts)) {
          expect(status).toBe('rejected');
        }
      }
      expect(await connections()).toBeLessThanOrEqual(POOL_SIZE + 2);
      await expect(accept()).rejects.toThrow('it may wait for a synchronous standby');
      await expect(accept()).rejects.toBeInstanceOf(StoreUnavailableError);
      expect(await store.queue.stats('default')).toBeDefined();

      await waitForStandby('RESET synchronous_standby_names');
      for (let isBack = false; !isBack;) {
        isBack = await accept().then(
          () => true,
          () => false,
        );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(await connections()).toBeLessThanOrEqual(POOL_SIZE + 1);
    },
    LONG_MS,
  );
});
