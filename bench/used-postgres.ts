import { Client } from 'pg';
import { startOwnPostgres, type OwnServer } from '../test/support/postgres.ts';

/** Files of its log, of 16 MB each, that it writes over again. */
const LOG_FILES = 24;
const LOG_FILE_BYTES = 16_777_216;

/**
 * A PostgreSQL server as it is after some hours of work: with files for its log. A fresh one makes each when it needs it, and
 * all commits wait meanwhile.
 */
export async function startUsedPostgres(): Promise<OwnServer> {
  const server = await startOwnPostgres([`min_wal_size=${String(LOG_FILES * 16)}MB`]);
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
