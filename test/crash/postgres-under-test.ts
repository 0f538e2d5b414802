import { watch } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startOwnPostgres, type OwnServer } from '../support/postgres.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { StoreUnderTest } from './store-under-test.ts';

const SCHEMA = 'crash';
const SLUICE_CONNECTIONS = `application_name = 'sluice' AND pid <> pg_backend_pid()`;

/** Long against a held-up machine, short against a test's patience. */
export const LEASE_MS = 4000;

/** PostgreSQL, a fresh server, with a bad network before it that may be told to behave. */
export class PostgresUnderTest extends StoreUnderTest {
  private readonly server: OwnServer;
  readonly network: TcpProxy;

  private constructor(server: OwnServer, network: TcpProxy) {
    super();
    this.server = server;
    this.network = network;
  }

  static async start(): Promise<PostgresUnderTest> {
    const server = await startOwnPostgres();
    return new PostgresUnderTest(server, await TcpProxy.before(server.url));
  }

  override environment(): Record<string, string> {
    return {
      DATABASE_URL: this.network.through(this.server.url),
      DATABASE_SCHEMA: SCHEMA,
      DISPATCH_LEASE: String(LEASE_MS / 1000),
    };
  }

  /** The log that every commit is written to. */
  override watchWrites(listener: () => void): () => void {
    const watcher = watch(join(this.server.folder, 'pg_wal'), listener);
    return () => {
      watcher.close();
    };
  }

  override async findFaults(): Promise<string[]> {
    const leftOver = await this.run(`
      SELECT 'a dispatch that never ended: ' || dispatch_id AS fault FROM ${SCHEMA}.dispatch WHERE ended_at IS NULL
      UNION ALL SELECT 'a retry of ingestion ' || seq FROM ${SCHEMA}.retry
      UNION ALL SELECT 'ids that wait of ingestion ' || seq FROM ${SCHEMA}.waiting
      UNION ALL SELECT 'ids without outcome of ingestion ' || seq FROM ${SCHEMA}.ingestion
                WHERE taken <> total OR completed + failed <> total
    `);
    return leftOver.map((row) => String(row['fault']));
  }

  /** Ends every connection of the service from the server's side. */
  async endConnections(): Promise<void> {
    await this.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${SLUICE_CONNECTIONS}`);
  }

  /** The server stops in the middle of whatever it does, and comes back. */
  async crash(): Promise<void> {
    await this.server.crash();
    await this.server.start();
  }

  override async remove(): Promise<void> {
    await this.network.close();
    await this.server.stop();
  }

  private async run(sql: string): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.server.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}
