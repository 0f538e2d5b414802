import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../src/platform/config/database-url.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { PostgresStore } from '../../src/storage/postgres/store.js';
import { useApps, type TestApp } from '../support/app.js';
import { startOwnPostgres, type OwnServer } from '../support/postgres.js';
import { withClient } from '../support/postgres-stores.js';
import { waitFor } from '../support/wait-for.js';

const START_MS = 120_000;
const LONG_MS = 60_000;
const SCHEMA = 'hosts';
const CLOSED_PORT = 1;

/** Tests use two independent servers; each accepts writes, or refuses them as a standby does. */
describe('Several hosts in DATABASE_URL:', () => {
  const startApp = useApps();
  let first: OwnServer;
  let second: OwnServer;

  beforeAll(async () => {
    first = await startOwnPostgres();
    second = await startOwnPostgres();
  }, START_MS);
  afterAll(async () => {
    await Promise.all([first.stop(), second.stop()]);
  }, START_MS);
  afterEach(async () => {
    for (const server of [first, second]) {
      await setReadOnly(server, false);
      await run(server, `BEGIN READ WRITE; DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE; COMMIT`);
    }
  });

  const portOf = ({ url }: OwnServer): string => new URL(url).port;

  function urlOf(...ports: readonly (string | number)[]): string {
    const { username, password, pathname } = new URL(first.url);
    const hosts = ports.map((port) => `127.0.0.1:${String(port)}`).join(',');
    return `postgres://${username}:${password}@${hosts}${pathname}?target_session_attrs=read-write`;
  }

  async function run(server: OwnServer, sql: string): Promise<Record<string, unknown>[]> {
    return withClient(server.url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  }

  async function setReadOnly(server: OwnServer, isReadOnly: boolean): Promise<void> {
    await run(server, `ALTER SYSTEM SET default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`);
    await run(server, 'SELECT pg_reload_conf()');
    const read = async (): Promise<unknown> =>
      (await run(server, 'SHOW default_transaction_read_only'))[0]?.['default_transaction_read_only'];
    await waitFor('the setting', read, (shown) => shown === (isReadOnly ? 'on' : 'off'));
  }

  async function makeSchema(server: OwnServer): Promise<void> {
    const options = {
      servers: parseDatabaseUrl(server.url),
      schema: SCHEMA,
      poolSize: 2,
      connectTimeoutMs: 5000,
    };
    await (await PostgresStore.open(options, new SystemRuntime())).close();
  }

  function start(url: string): Promise<TestApp> {
    return startApp({ DATABASE_URL: url, DATABASE_SCHEMA: SCHEMA, BATCH_DELAY: '0' });
  }

  async function listsIn(server: OwnServer): Promise<number> {
    const [row] = await run(server, `SELECT count(*)::int AS lists FROM ${SCHEMA}.ingestion`);
    return Number(row?.['lists']);
  }

  async function waitUntilHealthy({ request }: TestApp): Promise<void> {
    await waitFor('a healthy service', async () => (await request.get('/health')).status === 200);
  }

  it(
    'the next one is used where one cannot be reached, or takes no writes',
    async () => {
      await setReadOnly(first, true);
      const app = await start(urlOf(CLOSED_PORT, portOf(first), portOf(second)));
      await app.client.submit([1]);

      expect(await listsIn(second)).toBe(1);
      await app.request.get('/health').expect(200);
    },
    LONG_MS,
  );

  it(
    'where the one in use becomes read-only the next list goes to the other, and is read from there',
    async () => {
      await makeSchema(second);
      const app = await start(urlOf(portOf(first), portOf(second)));
      await app.client.submit([1]);
      await setReadOnly(first, true);
      const id = await app.client.submit([2]);

      expect([await listsIn(first), await listsIn(second)]).toEqual([1, 1]);
      for (let reads = 0; reads < 20; reads++) {
        await app.request.get(`/status/${id}`).expect(200);
      }
      await waitFor('the call of 2', () => app.api.calls.some(({ ids }) => ids.join() === '2'));
      await waitUntilHealthy(app); // the last check of the store may date from the change
    },
    LONG_MS,
  );

  it(
    'where the one in use stops the other takes over, without a restart',
    async () => {
      await makeSchema(second);
      const app = await start(urlOf(portOf(first), portOf(second)));
      await app.client.submit([1]);
      await first.crash();
      try {
        await waitUntilHealthy(app);
        await app.client.submit([2]);
        expect(await listsIn(second)).toBe(1);
      } finally {
        await first.start();
      }
    },
    LONG_MS,
  );

  it(
    'none that takes writes: the start ends with one line that names the hosts and no password',
    async () => {
      await setReadOnly(first, true);
      const url = urlOf(CLOSED_PORT, portOf(first));
      const options = { servers: parseDatabaseUrl(url), schema: SCHEMA, poolSize: 2, connectTimeoutMs: 200 };
      const opened = PostgresStore.open(options, new SystemRuntime());

      await expect(opened).rejects.toThrow(
        new RegExp(
          `^cannot use PostgreSQL at 127\\.0\\.0\\.1:1,127\\.0\\.0\\.1:${portOf(first)}/postgres, .*read-only$`,
        ),
      );
      await expect(opened).rejects.not.toThrow(':test');
    },
    LONG_MS,
  );
});
