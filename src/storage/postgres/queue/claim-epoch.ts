import type { Row } from '../database/statement.js';

/** A double holds every integer up to twice this value exactly. */
const MAX_EPOCH = 2 ** 52;

/**
 * SQL for the next claim epoch of a lane (column `turn`), the fencing token of claims. It is random: a promoted standby
 * that misses the last epochs, or a restored backup, would assign a sequential epoch again, and the holder of the lost
 * one would take it for its own.
 */
export const NEXT_EPOCH = `(1 + floor(random() * ${String(MAX_EPOCH)}))::bigint`;

/**
 * SQL that distinguishes the server that runs a statement from one that takes over: the start time of its process. NULL
 * on a standby, where nothing is claimed.
 */
export const SERVER_STARTED =
  'CASE WHEN NOT pg_is_in_recovery() THEN extract(epoch FROM pg_postmaster_start_time())::float8 END';

/** Returns the value of {@link SERVER_STARTED}, which the first of `rows` has as `server_started`. */
export function toServerStarted([row]: readonly Row[]): number | null {
  const started = row?.['server_started'];
  return typeof started === 'number' ? started : null;
}
