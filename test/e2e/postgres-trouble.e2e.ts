import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { useApps, type TestApp } from '../support/app.js';
import { startOwnPostgres, type OwnServer } from '../support/postgres.js';
import { withClient } from '../support/postgres-stores.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { waitFor } from '../support/wait-for.js';

const START_MS = 60_000;
const LONG_MS = 30_000;
const UNKNOWN = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';
const WAITING_PER_CONNECTION = 50;
const SCHEMA = 'trouble';

describe('PostgreSQL in trouble:', () => {
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

  function start(variables: Readonly<Record<string, string>> = {}): Promise<TestApp> {
    return startApp({
      DATABASE_URL: proxy.through(server.url),
      DATABASE_SCHEMA: SCHEMA,
      BATCH_DELAY: '0',
      ...variables,
    });
  }

  async function run(sql: string): Promise<void> {
    await withClient(server.url, (client) => client.query(sql));
  }

  /** Ends every session of the service that matches `which`. */
  async function endSessions(which = 'true'): Promise<void> {
    await run(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'sluice' AND pid <> pg_backend_pid() AND ${which}
    `);
  }

  function post(
    { request }: TestApp,
    ids: readonly number[],
    key?: string,
  ): ReturnType<TestApp['request']['post']> {
    const sent = request.post('/ingest').send({ ids, priority: 'HIGH' });
    return key === undefined ? sent : sent.set('Idempotency-Key', key);
  }

  async function expectUnavailable(app: TestApp, ids: readonly number[]): Promise<void> {
    const answer = await post(app, ids).expect(503);
    expect(answer.body.detail).toBe('the store is unavailable');
    expect(answer.headers['retry-after']).toBe('1');
  }

  async function untilSent(app: TestApp, ids: string): Promise<void> {
    await waitFor(
      `the upstream to have received ${ids}`,
      () => idsSentBy(app),
      (sent) => sent === ids,
    );
  }

  async function untilHealth(app: TestApp, status: number): Promise<void> {
    const health = async () => (await app.request.get('/health')).status;
    await waitFor(`/health to answer ${String(status)}`, health, (answered) => answered === status);
  }

  function idsSentBy({ api }: TestApp): string {
    return api.calls.flatMap(({ ids }) => ids).join();
  }

  it(
    'lost while running, it is 503 for clients, and all goes on by itself when it is back',
    async () => {
      const app = await start();
      await post(app, [1]).expect(200);
      await untilSent(app, '1');
      await server.crash();

      await expectUnavailable(app, [2]);
      await untilHealth(app, 503);
      await app.request.get(`/status/${UNKNOWN}`).expect(503);
      await app.request.get('/openapi.json').expect(200);
      await server.start();
      await untilHealth(app, 200);
      await post(app, [3]).expect(200);
      await untilSent(app, '1,3');
    },
    LONG_MS,
  );

  it('an outcome that could not be recorded is recorded when it is back; nothing is sent twice', async () => {
    const app = await start();
    const call = Promise.withResolvers<null>();
    app.api.answerWith(async ({ ids }) => {
      await call.promise;
      return ids.map((id) => ({ id, ok: true, data: null }));
    });
    const { body } = await post(app, [1]).expect(200);
    await waitFor('a call', () => app.api.calls.length === 1);
    proxy.cutInsteadOf({ from: 'is_ended', until: 'COMMIT' });
    call.resolve(null);
    await waitFor('the ingestion to be completed', async () => {
      const status = await app.request.get(`/status/${String(body.ingestion_id)}`);
      return status.body.status === 'completed';
    });

    expect(app.api.calls).toHaveLength(1);
  });

  it('a COMMIT whose answer got lost: who asks again with his key gets his ingestion', async () => {
    const app = await start();
    proxy.cutInsteadOf({ from: 'is_accepted', until: 'COMMIT' });
    await post(app, [1, 2], 'again').expect(503);
    const again = await post(app, [1, 2], 'again').expect(200);

    expect(again.headers['idempotency-replayed']).toBe('true');
    await untilSent(app, '1,2');
    await run(`DO $$ BEGIN ASSERT (SELECT count(*) FROM ${SCHEMA}.ingestion) = 1; END $$`);
  });

  it('sessions that are ended cost a client nothing that is asked after', async () => {
    const app = await start();
    await post(app, [1]).expect(200);
    await endSessions();
    await sleep(50);

    await post(app, [2]).expect(200);
    await untilSent(app, '1,2');
  });

  it(
    'a statement that hangs ends after its time',
    async () => {
      const app = await start();
      await withLock('ingestion', () => expectUnavailable(app, [1]));

      await post(app, [2]).expect(200);
      await untilSent(app, '2');
    },
    LONG_MS,
  );

  it('with the pool exhausted so many wait, and the others are refused at once', async () => {
    const app = await start({ DATABASE_POOL_SIZE: '2' });
    await app.request.get(`/status/${UNKNOWN}`).expect(404);
    const others = 7;
    const answers = await withLock('ingestion', async () => {
      let refused = 0;
      const asked = Array.from({ length: 1 + WAITING_PER_CONNECTION + others }, () =>
        app.request.get(`/status/${UNKNOWN}`).then(({ status }) => {
          refused += status === 503 ? 1 : 0;
          return status;
        }),
      );
      await waitFor('the refusal of the others', () => refused === others);
      return asked;
    }).then((asked) => Promise.all(asked));

    expect(answers.filter((status) => status === 503)).toHaveLength(others);
    expect(answers.filter((status) => status === 404)).toHaveLength(1 + WAITING_PER_CONNECTION);
  });

  it(
    'with every connection of requests held by slow readers it dispatches at its pace, and health answers',
    async () => {
      const app = await start({ BATCH_DELAY: '0.2', BATCH_SIZE: '1', DATABASE_POOL_SIZE: '4' });
      await post(
        app,
        Array.from({ length: 200 }, (_, i) => i + 1),
      ).expect(200);
      await withLock('history', async () => {
        const held = Array.from({ length: 20 }, () =>
          app.request.get('/history').then(({ status }) => status),
        );
        await waitFor('two sessions that wait for a lock', async () => (await waitingForLocks()) === 2); // all connections for requests
        const sentBefore = app.api.calls.length;
        while (app.api.calls.length < sentBefore + 18) {
          for (const path of ['/health', '/health/ready', '/health/live']) {
            await app.request.get(path).expect(200);
          }
          await sleep(100);
        }
        expect(await waitingForLocks()).toBe(2);
        return held;
      }).then((held) => Promise.all(held));
    },
    LONG_MS,
  );

  it('read-only, as a demoted primary is, it is 503 until a primary takes writes again', async () => {
    const app = await start();
    const database = new URL(server.url).pathname.slice(1);
    await run(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    await endSessions();
    await sleep(50);
    await expectUnavailable(app, [1]);
    await untilHealth(app, 503);
    await run(`BEGIN READ WRITE; ALTER DATABASE ${database} RESET default_transaction_read_only; COMMIT`);
    await untilHealth(app, 200);

    await post(app, [2]).expect(200);
    await untilSent(app, '2');
  });

  it('with no room on its disk it is 503, and healthy again once there is', async () => {
    const app = await start();
    await run(`
      CREATE FUNCTION ${SCHEMA}.no_room() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE SQLSTATE '53100'; END $$;
      CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ${SCHEMA}.ingestion EXECUTE FUNCTION ${SCHEMA}.no_room();
      CREATE TRIGGER full_disk BEFORE UPDATE ON ${SCHEMA}.gate EXECUTE FUNCTION ${SCHEMA}.no_room();
    `);
    await expectUnavailable(app, [1]);
    await untilHealth(app, 503);
    await run(`DROP TRIGGER full_disk ON ${SCHEMA}.ingestion; DROP TRIGGER full_disk ON ${SCHEMA}.gate`);

    await untilHealth(app, 200);
    await post(app, [2]).expect(200);
  });

  it.each([
    ['a deadlock', '40P01'],
    ['a serialization failure', '40001'],
  ])('%s is tried again without a client learning of it', async (_, sqlState) => {
    const app = await start();
    await run(`
      CREATE SEQUENCE ${SCHEMA}.tries;
      CREATE FUNCTION ${SCHEMA}.fail_twice() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN
        IF nextval('${SCHEMA}.tries') <= 2 THEN RAISE SQLSTATE '${sqlState}'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER fails BEFORE INSERT ON ${SCHEMA}.ingestion FOR EACH ROW EXECUTE FUNCTION ${SCHEMA}.fail_twice();
    `);

    await post(app, [1]).expect(200);
    await untilSent(app, '1');
  });

  it('whoever does not hear of arrivals any more finds them all the same, and hears again', async () => {
    const accepting = await start({ MAX_IN_FLIGHT: '1' });
    accepting.api.answerWith(() => new Promise(() => undefined));
    const dispatching = await start();
    await post(accepting, [1]).expect(200);
    await waitFor('one call', () => accepting.api.calls.length + dispatching.api.calls.length === 1);
    await endSessions(`query LIKE 'LISTEN%'`);

    await post(accepting, [2, 3]).expect(200);
    await waitFor('the ids 2 and 3 to be sent', () =>
      `${idsSentBy(accepting)},${idsSentBy(dispatching)}`.includes('2,3'),
    );
    await untilListening(2);
  });

  /** Counts the sessions of the service that wait for a lock. */
  async function waitingForLocks(): Promise<number> {
    const { rowCount } = await withClient(server.url, (client) =>
      client.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'sluice' AND wait_event_type = 'Lock'`,
      ),
    );
    return rowCount ?? 0;
  }

  async function untilListening(listeners: number): Promise<void> {
    await waitFor('the sessions that listen', async () => {
      const { rowCount } = await withClient(server.url, (client) =>
        client.query(`SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`),
      );
      return rowCount === listeners;
    });
  }

  /** Runs `work` while the table is locked against reads and writes. */
  async function withLock<T>(table: string, work: () => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      await client.query(`BEGIN; LOCK TABLE ${SCHEMA}.${table} IN ACCESS EXCLUSIVE MODE`);
      return await work();
    } finally {
      await client.end();
    }
  }
});
