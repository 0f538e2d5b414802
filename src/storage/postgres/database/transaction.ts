import type { ClientBase, QueryResult } from 'pg';
import { InDoubtError, isServerError, isSessionEnd, messageOf } from './postgres-errors.js';
import type { Row, BoundStatement } from './statement.js';

/** From its first word to its last, on any network that works. */
const MAX_SEND_MS = 2000;

export interface TransactionOptions {
  readonly mode: 'READ ONLY' | 'READ WRITE';
  /** Ends a statement that hangs. */
  readonly statementTimeoutMs: number;
  /** Whether the connection keeps statements and their plans by name. */
  readonly usesNames: boolean;
}

/**
 * Every statement is meant to go through an index. For a table that is all but empty PostgreSQL finds it cheaper to
 * read all of it, and the plan that a connection keeps would go on doing so while the table grows.
 */
const THROUGH_INDEXES = `
  SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL jit = off;`;

/** A server that answers COMMIT before it has written is told to wait; one that waits for more is left alone. */
const NEVER_ASYNCHRONOUS = `
  SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`;

/**
 * Runs `steps` in one transaction that is sent as a whole, BEGIN and COMMIT with it: one round trip, and no lock waits
 * for this process. Where it was stopped, or cut off, in the middle of sending, the server soon ends the transaction. Settings go with the transaction (SET LOCAL), so
 * that a pooler may hand the session to someone else after it. The connection must be a pipelining one.
 * @throws InDoubtError when the connection broke before the answer to COMMIT.
 */
export async function runTransaction(
  client: ClientBase,
  steps: readonly BoundStatement[],
  options: TransactionOptions,
): Promise<Row[][]> {
  const begun = client.query(prelude(options));
  const running = steps.map(({ statement: { name, text }, values }) =>
    client.query<Row>({ ...(options.usesNames && { name }), text, values: [...values] }),
  );
  const committed = client.query('COMMIT');
  // All have their answer before anything is thrown: the connection is then at rest.
  const answers = await Promise.allSettled([begun, ...running, committed]);
  const work = answers.slice(0, -1).find((answer) => answer.status === 'rejected');
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

function prelude({ mode, statementTimeoutMs }: TransactionOptions): string {
  // READ WRITE would be refused by a standby as a feature it lacks; as the default it is refused as read-only.
  const access = mode === 'READ ONLY' ? ' READ ONLY' : '';
  const durable = mode === 'READ ONLY' ? '' : `; ${NEVER_ASYNCHRONOUS}`;
  return (
    `BEGIN ISOLATION LEVEL READ COMMITTED${access}; ${THROUGH_INDEXES} ` +
    `SET LOCAL statement_timeout = ${String(statementTimeoutMs)}; ` +
    `SET LOCAL idle_in_transaction_session_timeout = ${String(MAX_SEND_MS)}${durable}`
  );
}

function inDoubt(error: unknown): InDoubtError {
  return new InDoubtError(`PostgreSQL did not answer whether it kept this: ${messageOf(error)}`, {
    cause: error,
  });
}
