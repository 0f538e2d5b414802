import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import { StoreOpenError } from '../../../domain/store-errors.js';
import type { Runtime } from '../../../domain/runtime.js';
import { connectClient } from './connect.js';
import { describeConnection } from './connection-config.js';
import { describeDurability, readCommitSettings } from './durability.js';
import { migrate } from './migrate.js';
import { isPermanent, messageOf } from './postgres-errors.js';
import { quoteIdentifier, type PostgresOptions } from './postgres.options.js';

const OLDEST_SERVER = 130_000;
const AGAIN_MS = 500;

/**
 * Connects, checks the server and migrates the schema; `forMove` is for a schema into which a store is being copied.
 * @throws StoreOpenError with a one-line reason where the schema cannot be used
 */
export function prepareSchema(
  options: PostgresOptions,
  runtime: Runtime,
  { forMove = false } = {},
): Promise<void> {
  return retryWhileUnreachable(options, runtime, () => prepareOnce(options, forMove));
}

/**
 * Runs a step of the start. It retries for `connectTimeoutMs` while the server is unreachable, because the server may be
 * starting too.
 * @throws StoreOpenError with a one-line reason where the step fails
 */
export async function retryWhileUnreachable(
  options: PostgresOptions,
  runtime: Runtime,
  step: () => Promise<void>,
): Promise<void> {
  const deadline = runtime.monotonicMs() + options.connectTimeoutMs;
  for (;;) {
    try {
      await step();
      return;
    } catch (error) {
      if (error instanceof StoreOpenError) {
        throw error;
      }
      if (isPermanent(error) || runtime.monotonicMs() + AGAIN_MS > deadline) {
        throw new StoreOpenError(`cannot use ${describeConnection(options)}: ${messageOf(error)}`, {
          cause: error,
        });
      }
      await runtime.sleep(AGAIN_MS);
    }
  }
}

async function prepareOnce(options: PostgresOptions, forMove: boolean): Promise<void> {
  const client = await connectClient(options);
  try {
    await refuseUnfit(client, options);
    await migrate(client, options.schema);
    if (!forMove) {
      await refuseHalfMoved(client, options);
      await sayDurability(client);
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function refuseHalfMoved(client: Client, options: PostgresOptions): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM ${quoteIdentifier(options.schema)}.move WHERE ended_at IS NULL`,
  );
  if (rowCount !== 0) {
    throw new StoreOpenError(
      `a store is being copied into ${describeConnection(options)}: let sluice migrate-store finish first`,
    );
  }
}

async function sayDurability(client: Client): Promise<void> {
  const { level, text } = describeDurability(await readCommitSettings(client));
  new Logger('PostgreSQL')[level](text);
}

async function refuseUnfit(client: Client, options: PostgresOptions): Promise<void> {
  const { rows } = await client.query<{ version: number; fsync: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('fsync') AS fsync`,
  );
  const [server] = rows;
  if (server?.fsync === 'off') {
    new Logger('PostgreSQL').warn('fsync is off: what is accepted does not survive a crash of the server');
  }
  if (server !== undefined && server.version < OLDEST_SERVER) {
    throw new StoreOpenError(
      `${describeConnection(options)} is of version ${String(Math.floor(server.version / 10_000))}; 13 or later is required`,
    );
  }
}
