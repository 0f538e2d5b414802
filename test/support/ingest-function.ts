import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { NewIngestion } from '../../src/domain/ingestion.js';
import { packIds, type Id } from '../../src/domain/packed-ids.js';
import { buildIdempotency } from '../../src/ingestion/idempotency.js';
import type { IntakeSettings } from '../../src/storage/postgres/database/postgres.options.js';
import type { PostgresStore } from '../../src/storage/postgres/store.js';
import { withClient, type PostgresStores } from './postgres-stores.js';

export const INTAKE: IntakeSettings = {
  lanes: ['default', 'crm'],
  maxIdsPerRequest: 1200,
  maxPendingIds: null,
  idempotencyWindowMs: 60_000,
  idempotencyByContent: false,
};

export const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** A store whose schema has settings for `ingest()`. */
export interface IngestPlace {
  readonly store: PostgresStore;
  readonly schema: string;
}

interface IngestFunction {
  /** Opens a store with `INTAKE`, changed by `intake`. */
  open(intake?: Partial<IntakeSettings>): Promise<IngestPlace>;
  /** Calls `ingest()` in a transaction of its own. */
  callAlone(place: Pick<IngestPlace, 'schema'>, given: string): Promise<string>;
  /** Runs `work` within a transaction that stays open meanwhile. */
  within<T>(work: (client: Client) => Promise<T>, isolation?: string): Promise<T>;
}

export function useIngestFunction(postgres: PostgresStores): IngestFunction {
  return {
    open: async (intake = {}) => {
      const schema = postgres.emptySchema();
      return { store: await postgres.open({ schema, intake: { ...INTAKE, ...intake } }), schema };
    },
    callAlone: ({ schema }, given) => withClient(postgres.url, (client) => call(client, schema, given)),
    within: (work, isolation = 'READ COMMITTED') =>
      withClient(postgres.url, async (client) => {
        await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
        return work(client);
      }),
  };
}

/** Calls `ingest()` with the SQL of its arguments. */
export async function call(client: Client, schema: string, given: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(`SELECT ${schema}.ingest(${given}) AS id`);
  return rows[0]?.id ?? '';
}

/** Returns a list as `POST /ingest` submits it. */
export function listOf(
  ids: readonly Id[],
  { key, ...given }: Partial<NewIngestion> & { readonly key?: string } = {},
): NewIngestion {
  const packedIds = packIds(ids);
  const fields = { lane: 'default', priority: 'MEDIUM', client: null, packedIds, ...given } as const;
  const options = { idempotencyWindowMs: 60_000, idempotencyByContent: true };
  const idempotency = buildIdempotency(fields, key, options);
  return { ingestionId: randomUUID(), ...fields, ...(idempotency && { idempotency }) };
}

export async function pendingIn(
  { store }: Pick<IngestPlace, 'store'>,
  client: string | null = null,
): Promise<number> {
  return (await store.staging.pendingCounts(client)).pending;
}
