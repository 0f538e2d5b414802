import type { Client, ClientBase, QueryResult } from 'pg';
import { InDoubtError, isServerError, isSessionEnd, messageOf } from './postgres-errors.js';
import { statement, type Row, type BoundStatement } from './statement.js';

/** Maximum time to send a transaction, from its first byte to its last: enough for any network that works. */
const MAX_SEND_MS = 2000;

/** A connection that can be told to hold back what it sends. */
export type Connection = Pick<ClientBase, 'query'> & Pick<Client, 'connection'>;

export interface TransactionOptions {
  readonly mode: 'READ ONLY' | 'READ WRITE';
  /** Time after which the server cancels a statement. */
  readonly statementTimeoutMs: number;
  /** True if the connection stores statements and plans by name. */
  readonly usesNames: boolean;
}

/**
 * The settings of a transaction, in one statement that is parsed once for a connection; $1 is the statement timeout in ms,
 * $2 the mode of plans.
 * - Index plans, which every statement is designed for. For a nearly empty table PostgreSQL prefers a full scan, and the
 *   stored plan would keep scanning while the table grows.
 * - `synchronous_commit = off` becomes `on`, so that COMMIT returns only after the write. Stronger settings stay.
 */
const SETTINGS = statement(`
  SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
         set_config('jit', 'off', true), set_config('statement_timeout', $1, true),
         set_config('plan_cache_mode', $2, true),
         CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END
`);

/**
 * Runs `steps` in one transaction that is sent as a whole, including BEGIN and COMMIT: one round trip, and no lock is
 * held while this process works. If the process is stopped or cut off while sending, the server soon ends the
 * transaction. Settings are local to the transaction, so that a pooler may reassign the session after it.
 * The connection must use pipelining.
 * @throws InDoubtError where the connection broke before the response to COMMIT
 */
export async function runTransaction(
  client: Connection,
  steps: readonly BoundStatement[],
  options: TransactionOptions,
): Promise<Row[][]> {
  const query = ({ statement: { name, text }, values }: BoundStatement): Promise<QueryResult<Row>> =>
    client.query<Row>({ ...(options.usesNames && { name }), text, values: [...values] });
  const { opened, set, running, committed } = sendTogether(client, () => ({
    opened: client.query(begin(options)),
    set: query({ statement: SETTINGS, values: [String(options.statementTimeoutMs), planModeOf(steps)] }),
    running: steps.map(query),
    committed: client.query('COMMIT'),
  }));
  // All responses must have arrived before an error is thrown: only then is the connection idle.
  const responses = await Promise.allSettled([opened, set, ...running, committed]);
  const work = responses.slice(0, -1).find((response) => response.status === 'rejected');
  if (work !== undefined) {
    throw options.mode === 'READ ONLY' || isServerError(work.reason) || isSessionEnd(work.reason)
      ? work.reason
      : inDoubt(work.reason);
  }
  await committed.catch((error: unknown) => {
    throw options.mode === 'READ ONLY' || isServerError(error) ? error : inDoubt(error);
  });
  return (await Promise.all(running)).map(({ rows }: QueryResult<Row>) => rows);
}

/** Writes all that `send` sends to the socket at once: a write costs more processor time than a small statement. */
function sendTogether<T>({ connection: { stream } }: Connection, send: () => T): T {
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

function planModeOf(steps: readonly BoundStatement[]): 'force_generic_plan' | 'auto' {
  return steps.every(({ statement: { isPlannedOnce } }) => isPlannedOnce) ? 'force_generic_plan' : 'auto';
}

function begin({ mode }: TransactionOptions): string {
  // A standby would reject READ WRITE as an unsupported feature; without it, it rejects the write as read-only.
  const access = mode === 'READ ONLY' ? ' READ ONLY' : '';
  return (
    `BEGIN ISOLATION LEVEL READ COMMITTED${access}; ` +
    `SET LOCAL idle_in_transaction_session_timeout = ${String(MAX_SEND_MS)}`
  );
}

function inDoubt(error: unknown): InDoubtError {
  return new InDoubtError(`PostgreSQL did not confirm the COMMIT: ${messageOf(error)}`, {
    cause: error,
  });
}
