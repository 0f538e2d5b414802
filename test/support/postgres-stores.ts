import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Client } from 'pg';
import { parseDatabaseUrl } from '../../src/platform/config/database-url.js';
import type { PostgresOptions } from '../../src/storage/postgres/database/postgres.options.js';
import { PostgresStore } from '../../src/storage/postgres/store.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { startPostgres, type TestServer } from './postgres.js';
import { SchemaPool } from './schema-pool.js';

const START_MS = 60_000;

/** A server for the tests of a file, with stores that are closed after each test. */
export class PostgresStores {
  private readonly stores: PostgresStore[] = [];
  private readonly schemas = new Set<string>();
  private readonly lent = new Set<string>();
  private readonly pool = new SchemaPool();
  /** The connection that empties schemas: one knows their tables after the first. */
  private connection: Promise<Client> | undefined;

  constructor(private readonly server: () => TestServer | undefined) {}

  get url(): string {
    const url = this.server()?.url;
    if (url === undefined) {
      throw new Error('PostgreSQL runs only within tests');
    }
    return url;
  }

  /** Returns a schema that does not exist yet. It is dropped after the test. */
  newSchema(): string {
    const schema = newName();
    this.schemas.add(schema);
    return schema;
  }

  /**
   * Returns a schema that holds nothing. The next test gets it emptied, which takes less time than to make one. A process that a
   * test kills may write later: its schema must be a new one.
   */
  emptySchema(): string {
    const schema = this.pool.take() ?? newName();
    this.lent.add(schema);
    return schema;
  }

  /** Opens a store in an empty schema, unless `options` name another one. */
  async open({
    url = this.url,
    ...options
  }: Partial<PostgresOptions> & { url?: string } = {}): Promise<PostgresStore> {
    const schema = options.schema ?? this.emptySchema();
    if (!this.lent.has(schema)) {
      this.schemas.add(schema);
    }
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
    for (const schema of this.lent) {
      await this.pool.give(await (this.connection ??= connect(this.url)), schema);
    }
    this.lent.clear();
  }

  async disconnect(): Promise<void> {
    await (await this.connection)?.end();
  }
}

function newName(): string {
  return `spec_${randomBytes(8).toString('hex')}`;
}

/** @see PostgresStores */
export function usePostgres(start: () => Promise<TestServer> = startPostgres): PostgresStores {
  let server: TestServer | undefined;
  const stores = new PostgresStores(() => server);
  beforeAll(async () => {
    server = await start();
  }, START_MS);
  afterAll(async () => {
    await stores.disconnect();
    await server?.stop();
  }, START_MS);
  afterEach(() => stores.clear());
  return stores;
}

/** Runs `work` with a connection and closes it afterwards. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

function quote(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`;
}
