import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { startOwnPostgres, type OwnServer } from '../support/postgres.js';
import { withClient } from '../support/postgres-stores.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const START_MS = 60_000;
const LONG_MS = 60_000;
const SCHEMA = 'far';
const DISPATCHES = 5;
/** `SeenCall.atMs` is in whole milliseconds, and a timer rings up to one early. */
const CLOCK_ERROR_MS = 2;

describe('PostgreSQL far away, or slow to commit:', () => {
  const startApp = useApps();
  let server: OwnServer;
  let proxy: TcpProxy;

  beforeAll(async () => {
    server = await startOwnPostgres();
  }, START_MS);
  afterAll(async () => {
    await server.stop();
  }, START_MS);
  beforeEach(async () => {
    proxy = await TcpProxy.before(server.url);
  });
  afterEach(async () => {
    await proxy.close();
    await run(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
  });

  function start(delaySeconds: number): Promise<TestApp> {
    return startApp({
      DATABASE_URL: proxy.through(server.url),
      DATABASE_SCHEMA: SCHEMA,
      BATCH_DELAY: String(delaySeconds),
      BATCH_SIZE: '1',
    });
  }

  async function run(sql: string): Promise<Record<string, unknown>[]> {
    return withClient(server.url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  }

  async function sendAll({ request, api }: TestApp, begun: () => void = () => undefined): Promise<void> {
    const ids = Array.from({ length: DISPATCHES }, (_, i) => i + 1);
    await request.post('/ingest').send({ ids, priority: 'HIGH' }).expect(200);
    begun();
    while (api.calls.length < DISPATCHES) {
      await sleep(20);
    }
  }

  async function expectKept({ api }: TestApp, delaySeconds: number): Promise<void> {
    expect(api.calls.map(({ ids }) => ids)).toEqual(api.calls.map((_, i) => [BigInt(i + 1)]));
    const gaps = api.calls.slice(1).map(({ atMs }, i) => atMs - (api.calls[i]?.atMs ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(delaySeconds * 1000 - CLOCK_ERROR_MS);
    expect(await run(`SELECT dispatch_no FROM ${SCHEMA}.dispatch WHERE ending = 'released'`)).toEqual([]);
  }

  it.each([
    { roundTripMs: 60, delaySeconds: 0.1 },
    { roundTripMs: 100, delaySeconds: 0.1 },
    { roundTripMs: 200, delaySeconds: 0.1 },
    { roundTripMs: 200, delaySeconds: 1 },
  ])(
    'a round trip of $roundTripMs ms at BATCH_DELAY $delaySeconds: dispatches follow each other in order, none given back',
    async ({ roundTripMs, delaySeconds }) => {
      const app = await start(delaySeconds);
      proxy.delayBy(roundTripMs / 2);
      await sendAll(app);

      await expectKept(app, delaySeconds);
    },
    LONG_MS,
  );

  it(
    'a server that takes 300 ms to commit, as with a slow standby: dispatches follow each other in order, none given back',
    async () => {
      const delaySeconds = 0.5;
      const app = await start(delaySeconds);
      await run(`
        CREATE FUNCTION ${SCHEMA}.commit_late() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER commit_late AFTER UPDATE ON ${SCHEMA}.gate DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION ${SCHEMA}.commit_late()
      `);
      await sendAll(app);

      await expectKept(app, delaySeconds);
    },
    LONG_MS,
  );

  it(
    'a network that becomes slow while it works: dispatches follow each other in order, none given back',
    async () => {
      const delaySeconds = 0.1;
      const app = await start(delaySeconds);
      await sendAll(app, () => {
        proxy.delayBy(100);
      });

      await expectKept(app, delaySeconds);
    },
    LONG_MS,
  );
});
