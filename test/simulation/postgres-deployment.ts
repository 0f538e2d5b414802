import { Client } from 'pg';
import { Mutex } from '../../src/domain/mutex.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { parseDatabaseUrl } from '../../src/platform/config/database-url.js';
import type { PostgresOptions } from '../../src/storage/postgres/database/postgres.options.js';
import { prepareSchema } from '../../src/storage/postgres/database/prepare-schema.js';
import { Deployment } from './deployment.js';
import type { HostParts } from './host.js';
import { PostgresRows } from './postgres-rows.js';
import { Replica } from './replica.js';
import { followConnections, untilAnswered } from './server-connections.js';
import type { StoreRows } from './store-rows.js';

const REPLICAS = 3;
const POOL_SIZE = 4;
const CONNECT_TIMEOUT_MS = 5000;
const SERVER_STARTED_AT_MS = Date.UTC(2026, 0, 1, 12);

/** Several processes that share a store in a real PostgreSQL, whose clock is that of the world. */
export class PostgresDeployment extends Deployment {
  override readonly hosts: readonly Replica[];
  override readonly orphanedForMs: number;
  private readonly schema: string;
  private readonly client: Client;
  /** Reads all rows, one after the other. */
  private readonly reading = new Mutex();

  constructor(
    private readonly parts: HostParts,
    private readonly url: string,
  ) {
    super();
    const { world, scheduler } = parts;
    this.schema = `simulation_${String(world.dice.seed)}`;
    // The world waits for what the simulation itself reads, too.
    followConnections(this.schema, {
      isAlive: true,
      isSuspended: false,
      whenResumed: (callback) => {
        callback();
      },
      serverNowMs: () => this.storeNowMs(),
      onCommit: () => null,
    });
    this.client = new Client({ connectionString: url, application_name: this.schema });
    this.orphanedForMs = scheduler.leaseMs;
    world.settle = untilAnswered;
    this.hosts = Array.from(
      { length: REPLICAS },
      (_, replicaNo) =>
        new Replica({
          ...parts,
          replicaNo,
          optionsFor: (name) => this.optionsFor(name),
          serverNowMs: () => this.storeNowMs(),
        }),
    );
  }

  override async open(): Promise<void> {
    const { schema, client } = this;
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await prepareSchema(this.optionsFor('preparation'), new SystemRuntime());
    await client.query(`SET search_path = ${schema}`);
    await client.query(`CREATE OR REPLACE FUNCTION store_now() RETURNS float8 LANGUAGE sql VOLATILE
      AS $$ SELECT current_setting('simulation.now')::float8 $$`);
  }

  override readRows(): Promise<StoreRows | null> {
    return this.reading.runExclusive(() => PostgresRows.read(this.client));
  }

  override storeNowMs(): number {
    return SERVER_STARTED_AT_MS + this.parts.world.nowMs;
  }

  override tidy(): void {
    // The server does it by itself.
  }

  override async close(): Promise<void> {
    this.hosts.forEach((host) => {
      host.disconnect();
    });
    await this.reading.runExclusive(async () => {
      await this.client.query(`DROP SCHEMA ${this.schema} CASCADE`);
      await this.client.end();
    });
  }

  private optionsFor(applicationName: string): PostgresOptions {
    const url = new URL(this.url);
    url.searchParams.set('application_name', applicationName);
    return {
      servers: parseDatabaseUrl(url.href),
      schema: this.schema,
      poolSize: POOL_SIZE,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
    };
  }
}
