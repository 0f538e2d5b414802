import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UpstreamResult, UpstreamCall } from '../../src/external-api/external-api.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { startOwnPostgres, type OwnServer } from '../support/postgres.js';
import { withClient } from '../support/postgres-stores.js';
import { ScriptedApi, succeed } from '../support/scripted-api.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { waitFor } from '../support/wait-for.js';

const START_MS = 60_000;
const LONG_MS = 60_000;
const SCHEMA = 'far';
const DISPATCHES = 5;
/** The tolerance between the allowed send time of a call and the time that the test reads. */
const READING_MS = 1;

describe('PostgreSQL far away, or slow to commit:', () => {
  const startApp = useApps();
  let server: OwnServer;
  let proxy: TcpProxy;
  let leftAtMs: number[];

  beforeAll(async () => {
    server = await startOwnPostgres();
  }, START_MS);
  afterAll(async () => {
    await server.stop();
  }, START_MS);
  beforeEach(async () => {
    proxy = await TcpProxy.before(server.url);
    leftAtMs = [];
  });
  afterEach(async () => {
    await proxy.close();
    await run(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
  });

  function start(delaySeconds: number): Promise<TestApp> {
    const variables = {
      DATABASE_URL: proxy.through(server.url),
      DATABASE_SCHEMA: SCHEMA,
      BATCH_DELAY: String(delaySeconds),
      BATCH_SIZE: '1',
    };
    return startApp(variables, new ScriptedApi(leave));
  }

  /** Waits for its slot right before sending, as an HTTP call does. */
  async function leave(call: UpstreamCall): Promise<readonly UpstreamResult[]> {
    await call.beforeSend?.();
    leftAtMs.push(performance.now());
    call.onSent?.();
    return succeed(call);
  }

  async function run(sql: string): Promise<Record<string, unknown>[]> {
    return withClient(server.url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  }

  async function sendAll({ client }: TestApp, begun: () => void = () => undefined): Promise<void> {
    await client.submit(idRange(1, DISPATCHES));
    begun();
    await waitFor('all calls', () => leftAtMs.length >= DISPATCHES);
  }

  async function expectKept({ api }: TestApp, delaySeconds: number): Promise<void> {
    expect(api.calls.map(({ ids }) => ids)).toEqual(api.calls.map((_, i) => [BigInt(i + 1)]));
    const gaps = leftAtMs.slice(1).map((ms, i) => ms - (leftAtMs[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(delaySeconds * 1000 - READING_MS);
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
    'a round trip of 400 ms and no delay: all ids go, none given back',
    async () => {
      const app = await start(0);
      proxy.delayBy(200);
      await sendAll(app);

      expect(app.api.calls.flatMap(({ ids }) => ids).sort()).toEqual(idRange(1, DISPATCHES).map(BigInt));
      expect(await run(`SELECT dispatch_no FROM ${SCHEMA}.dispatch WHERE ending = 'released'`)).toEqual([]);
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
