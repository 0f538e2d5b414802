import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { Client } from 'pg';
import { parseDatabaseUrl, type DatabaseServers } from '../../src/platform/config/database-url.js';
import { PostgresStore } from '../../src/storage/postgres/store.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { startPostgres, type TestServer } from '../support/postgres.js';
import { SchemaPool } from '../support/schema-pool.js';
import { isSelected } from '../support/selected-stores.js';
import { portsOf } from './ports.js';
import type { OpenStore } from './stores.js';

const START_MS = 60_000;

/** The server for the tests of a file; each test has its own schema. No test turns the power off, so it need not fsync. */
let server: TestServer | undefined;
/** A connection for the statements of the tests: to open one for each would take most of their time. */
let connection: Promise<Client> | undefined;
const pool = new SchemaPool();

beforeAll(async () => {
  server = isSelected('postgresql') ? await startPostgres() : undefined;
}, START_MS);

afterAll(async () => {
  await (await connection)?.end();
  await server?.stop();
}, START_MS);

/** Opens a store in an empty schema, with the time of server and process advanced together. */
export async function openPostgres(): Promise<OpenStore> {
  return openSchema(newSchema(pool.take()));
}

/** Returns a place whose schema does not exist yet, unless its name is given. */
export function newSchema(schema = `contract_${randomBytes(8).toString('hex')}`): Place {
  if (server === undefined) {
    throw new Error('PostgreSQL runs only within tests');
  }
  return {
    url: server.url,
    servers: parseDatabaseUrl(server.url),
    schema,
    clock: new ShiftedClock(),
  };
}

export interface Place {
  readonly url: string;
  readonly servers: DatabaseServers;
  readonly schema: string;
  readonly clock: ShiftedClock;
}

/** Advances the time of the schema, and of this process's clock for it. */
export async function shiftTime({ url, schema, clock }: Place, ms: number): Promise<void> {
  clock.shiftMs += ms;
  await run(
    url,
    `CREATE OR REPLACE FUNCTION "${schema}".store_now() RETURNS float8 LANGUAGE sql VOLATILE
     AS 'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 + ${String(clock.shiftMs)}'`,
  );
}

/** Opens a store in that schema; closing the store empties the schema for the next test. */
export async function openSchema(place: Place): Promise<OpenStore> {
  const { url, servers, schema, clock } = place;
  const store = await PostgresStore.open({ servers, schema, poolSize: 6, connectTimeoutMs: 5000 }, clock);
  return {
    ...portsOf(store),
    runtime: clock,
    advance: (ms) => shiftTime(place, ms),
    reopen: async () => {
      await store.close();
      return openSchema(place);
    },
    close: async () => {
      await store.close();
      await pool.give(await connected(url), schema);
    },
  };
}

/** Runs a statement on the server. */
export async function run(url: string, sql: string): Promise<void> {
  await select(url, sql);
}

/** Runs a query on the server and resolves with its rows. */
export async function select(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const { rows } = await (await connected(url)).query<Record<string, unknown>>(sql);
  return rows;
}

function connected(url: string): Promise<Client> {
  return (connection ??= connect(url));
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

/** The machine's runtime with clocks advanced by `shiftMs`. */
class ShiftedClock extends SystemRuntime {
  shiftMs = 0;

  override wallMs(): number {
    return super.wallMs() + this.shiftMs;
  }

  override monotonicMs(): number {
    return super.monotonicMs() + this.shiftMs;
  }
}
