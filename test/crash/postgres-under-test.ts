import { watch } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startOwnPostgres, type OwnServer } from '../support/postgres.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { LEASE_MS, StoreUnderTest } from './store-under-test.ts';

export const SCHEMA = 'crash';
const SLUICE_CONNECTIONS = `application_name = 'sluice' AND pid <> pg_backend_pid()`;

/** A fresh PostgreSQL server behind a proxy that can simulate network faults. */
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

  /** Watches the WAL, to which every commit is written. */
  override watchWrites(listener: () => void): () => void {
    const watcher = watch(join(this.server.folder, 'pg_wal'), listener);
    return () => {
      watcher.close();
    };
  }

  override async findFaults(): Promise<string[]> {
    return findStoreFaults((sql) => this.run(sql));
  }

  override async usedBytes(): Promise<number> {
    return readUsedBytes((sql) => this.run(sql));
  }

  /** Ends every connection of the service on the server's side. */
  async endConnections(): Promise<void> {
    await this.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${SLUICE_CONNECTIONS}`);
  }

  /** Stops the server immediately, without a checkpoint, and starts it again. */
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

/** Returns the bytes of all tables of the service. */
export async function readUsedBytes(
  run: (sql: string) => Promise<readonly Record<string, unknown>[]>,
): Promise<number> {
  const [row] = await run(`
    SELECT sum(pg_total_relation_size(oid))::float8 AS bytes FROM pg_class
    WHERE relnamespace = '${SCHEMA}'::regnamespace AND relkind = 'r'
  `);
  return Number(row?.['bytes']);
}

/** Returns what is left over in the tables after a run, in which everything came to its end. */
export async function findStoreFaults(
  run: (sql: string) => Promise<readonly Record<string, unknown>[]>,
): Promise<string[]> {
  const leftOver = await run(`
    SELECT 'a dispatch that never ended: ' || dispatch_id AS fault FROM ${SCHEMA}.dispatch WHERE ended_at IS NULL
    UNION ALL SELECT 'a retry of ingestion ' || seq FROM ${SCHEMA}.retry
    UNION ALL SELECT 'ids that wait of ingestion ' || seq FROM ${SCHEMA}.waiting
    UNION ALL SELECT 'ids without outcome of ingestion ' || seq FROM ${SCHEMA}.ingestion
              WHERE taken <> total OR completed + failed <> total
  `);
  return leftOver.map((row) => String(row['fault']));
}
