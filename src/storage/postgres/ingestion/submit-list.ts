import type { GivenTime } from '../../../domain/given-time.js';
import type { IngestionFields } from '../../../domain/ingestion.js';
import type { Id } from '../../../domain/packed-ids.js';
import { quoteIdentifier } from '../database/postgres.options.js';

/** The function `submit_list` raises errors with SL and the HTTP status that `POST /ingest` would answer. */
const SQLSTATE_OF_REFUSAL = /^SL(\d{3})$/;
const UNDEFINED_FUNCTION = '42883';
const INVALID_SCHEMA_NAME = '3F000';

/** A list whose `callbackUrl` was checked. */
export interface TransactionalList extends IngestionFields {
  readonly ids: readonly Id[];
  readonly idempotencyKey: string | undefined;
}

/**
 * Returns the statement that submits a list in a transaction of another application; its row has `ingestion_id` and
 * `replayed`.
 */
export function submitList(schemaName: string, list: TransactionalList): { text: string; values: unknown[] } {
  const { ids, priority, lane, idempotencyKey, client, callbackUrl } = list;
  const { labels, units, notBefore, expiresAt } = list;
  if ([labels, units, notBefore, expiresAt].some((field) => field !== undefined)) {
    const fields = {
      priority,
      lane,
      idempotency_key: idempotencyKey,
      client: client ?? undefined,
      callback_url: callbackUrl,
      labels,
      units,
      not_before: toTimeField(notBefore),
      expires_at: toTimeField(expiresAt),
    };
    return {
      text: `SELECT ingestion_id, replayed FROM ${quoteIdentifier(schemaName)}.ingest_list($1::numeric[], $2::jsonb)`,
      values: [`{${ids.join(',')}}`, JSON.stringify(fields)],
    };
  }
  // Roles of earlier releases may call this function alone.
  return {
    text: `SELECT ingestion_id, replayed FROM ${quoteIdentifier(schemaName)}.submit_list($1::numeric[], $2, $3, $4, $5, $6)`,
    values: [`{${ids.join(',')}}`, priority, lane, idempotencyKey ?? null, client, callbackUrl ?? null],
  };
}

function toTimeField(time: GivenTime | undefined): string | number | undefined {
  if (time === undefined) {
    return undefined;
  }
  return 'atMs' in time ? new Date(time.atMs).toISOString() : time.inMs / 1000;
}

/** Returns the HTTP status of a refusal; undefined for any other error. */
export function httpStatusOf(error: unknown): number | undefined {
  const status = SQLSTATE_OF_REFUSAL.exec(sqlStateOf(error))?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Returns true if the database has no such function, for example because it is not the one of the store. */
export function isMissingFunction(error: unknown): boolean {
  return [UNDEFINED_FUNCTION, INVALID_SCHEMA_NAME].includes(sqlStateOf(error));
}

function sqlStateOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
