import type { Row } from '../database/statement.js';

/** A double holds every whole number up to twice this many exactly. */
const MAX_EPOCH = 2 ** 52;

/**
 * SQL for the next turn of a gate. It is drawn at random: a standby that took over without the last turns, or a restored
 * backup, would give a counted turn out again, and who still holds the lost one would take it for its own.
 */
export const NEXT_EPOCH = `(1 + floor(random() * ${String(MAX_EPOCH)}))::bigint`;

/**
 * SQL for what tells the server that runs a statement from one that takes over from it: the start of its process. NULL
 * on a standby, where nothing is claimed.
 */
export const SERVER_STARTED =
  'CASE WHEN NOT pg_is_in_recovery() THEN extract(epoch FROM pg_postmaster_start_time())::float8 END';

/** The value of {@link SERVER_STARTED} under the name `server_started` in the first of `rows`. */
export function toServerStarted([row]: readonly Row[]): number | null {
  const started = row?.['server_started'];
  return typeof started === 'number' ? started : null;
}
