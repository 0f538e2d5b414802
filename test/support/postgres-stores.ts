import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Client } from 'pg';
import { parseDatabaseUrl } from '../../src/platform/config/database-url.js';
import type { PostgresOptions } from '../../src/storage/postgres/database/postgres.options.js';
import { PostgresStore } from '../../src/storage/postgres/store.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { startPostgres, type TestServer } from './postgres.js';

const START_MS = 60_000;

/** A server for the tests of a file, with stores that are removed after each test. */
export class PostgresStores {
  private readonly stores: PostgresStore[] = [];
  private readonly schemas = new Set<string>();

  constructor(private readonly server: () => TestServer | undefined) {}

  get url(): string {
    const url = this.server()?.url;
    if (url === undefined) {
      throw new Error('PostgreSQL runs only within tests');
    }
    return url;
  }

  newSchema(): string {
    const schema = `spec_${randomBytes(8).toString('hex')}`;
    this.schemas.add(schema);
    return schema;
  }

  /** Opens a store in a fresh schema, unless `options` name another one. */
  async open({
    url = this.url,
    ...options
  }: Partial<PostgresOptions> & { url?: string } = {}): Promise<PostgresStore> {
    const schema = options.schema ?? this.newSchema();
    this.schemas.add(schema);
    const defaults = { servers: parseDatabaseUrl(url), schema, poolSize: 6, connectTimeoutMs: 5000 };
    const store = await PostgresStore.open({ ...defaults, ...options }, new SystemRuntime());
    this.stores.push(store);
    return store;
  }

  /** Runs `sql` on a connection of its own. */
  async run(sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return withClient(this.url, async (client) => {
      const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
      return rows;
    });
  }

  async clear(): Promise<void> {
    await Promise.all(this.stores.splice(0).map((store) => store.close()));
    for (const schema of this.schemas) {
      await this.run(`DROP SCHEMA IF EXISTS ${quote(schema)} CASCADE`);
    }
    this.schemas.clear();
  }
}

/** @see PostgresStores */
export function usePostgres(start: () => Promise<TestServer> = startPostgres): PostgresStores {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await start();
  }, START_MS);
  afterAll(async () => {
    await server?.stop();
  }, START_MS);
  const stores = new PostgresStores(() => server);
  afterEach(() => stores.clear());
  return stores;
}

/** Runs `work` with a connection and closes it afterwards. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function quote(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`;
}
