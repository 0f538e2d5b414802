import { Client, type ClientBase } from 'pg';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
import { connectionConfigs } from './connection-config.js';
import { messageOf } from './postgres-errors.js';
import type { PostgresOptions } from './postgres.options.js';

/** The column `is_read_only`: true if the server accepts no writes, as a standby does. */
export const IS_READ_ONLY = `
  pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS is_read_only`;

/**
 * Connects to the first server of the URL that is reachable and accepts writes. A single server is used even if it
 * accepts no writes. An error of an idle connection is reported by the next statement.
 * @throws StoreUnavailableError where no server accepts writes; otherwise the error of the last server
 */
export async function connectClient(options: PostgresOptions): Promise<Client> {
  const failures: unknown[] = [];
  for (const config of connectionConfigs(options)) {
    const client = new Client(config);
    client.on('error', () => undefined);
    try {
      await client.connect();
      if (options.servers.onlyWritable) {
        await assertWritable(client);
      }
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      failures.push(error);
    }
  }
  throw failures.length === 1
    ? failures[0]
    : new StoreUnavailableError(`no server can be used: ${failures.map(messageOf).join('; ')}`, {
        cause: failures.at(-1),
      });
}

/** @throws StoreUnavailableError where the server accepts no writes, as a standby does */
export async function assertWritable(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ is_read_only: boolean }>(`SELECT ${IS_READ_ONLY}`);
  if (rows[0]?.is_read_only !== false) {
    throw readOnlyError();
  }
}

export function readOnlyError(): StoreUnavailableError {
  return new StoreUnavailableError('PostgreSQL accepts no writes: it is read-only');
}
