import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startOwnPostgres, type OwnServer } from '../test/support/postgres.ts';

/** WAL files, of 16 MB each, that the server reuses. */
const LOG_FILES = 24;
const LOG_FILE_BYTES = 16_777_216;

/** Returns the process id of a server; its other processes descend from it. */
export function pidOf({ folder }: OwnServer): number {
  const [pid] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  return Number(pid);
}

/**
 * Starts a PostgreSQL server in the state of one in use for hours: with WAL files to reuse. A fresh server
 * creates each file when it needs it, which blocks all commits meanwhile. The command runs Node.js.
 */
export async function startUsedPostgres(command?: readonly [string, ...string[]]): Promise<OwnServer> {
  const server = await startOwnPostgres([`min_wal_size=${String(LOG_FILES * 16)}MB`], command);
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    for (let file = 0; file < LOG_FILES; file++) {
      await client.query(
        `SELECT pg_logical_emit_message(false, 'use', repeat('x', ${String(LOG_FILE_BYTES)}))`,
      );
    }
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
  return server;
}
