import { DatabaseError } from 'pg';
import { StoreUnavailableError } from '../../../domain/store-errors.js';

/**
 * The connection broke between a COMMIT and its answer: what was asked may have been kept or not. For the caller it is
 * as unavailable; a client that asks again with its Idempotency-Key gets the ingestion that was kept.
 */
export class InDoubtError extends StoreUnavailableError {}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const READ_ONLY = '25006';
const NOT_NULL_VIOLATION = '23502';
const UNDEFINED_PREPARED_STATEMENT = '26000';
const DUPLICATE_PREPARED_STATEMENT = '42P05';

/** Classes and codes of what passes: the server is overloaded, stops, starts, fails over or has no room left. */
const TRANSIENT_CLASSES: ReadonlySet<string> = new Set(['08', '53', '57', '58']);
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  READ_ONLY,
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '55P03', // lock_timeout
]);

/** Classes and codes that no waiting makes good: who we are, what we may, which database. */
const PERMANENT_CLASSES: ReadonlySet<string> = new Set(['28', '42']);
const PERMANENT_CODES: ReadonlySet<string> = new Set(['3D000', '3F000', '0A000']);

const FATAL_SEVERITIES: ReadonlySet<string | undefined> = new Set(['FATAL', 'PANIC']);

/** The transaction was rolled back for the sake of another one: it succeeds when it is tried again. */
export function isSerializationConflict(error: unknown): boolean {
  return [SERIALIZATION_FAILURE, DEADLOCK_DETECTED].includes(codeOf(error));
}

/** A pooler gave us another session than the one that knew the statement by its name. */
export function isUnknownStatement(error: unknown): boolean {
  return [UNDEFINED_PREPARED_STATEMENT, DUPLICATE_PREPARED_STATEMENT].includes(codeOf(error));
}

/** The server itself answered, and goes on with this connection. */
export function isServerError(error: unknown): boolean {
  return error instanceof DatabaseError && !FATAL_SEVERITIES.has(error.severity);
}

/** The server itself ended the session before it was through with what was asked. */
export function isSessionEnd(error: unknown): boolean {
  return error instanceof DatabaseError && FATAL_SEVERITIES.has(error.severity);
}

/** A column that must have a value was given none. */
export function isNotNullViolation(error: unknown): boolean {
  return codeOf(error) === NOT_NULL_VIOLATION;
}

/** The server takes no writes, as a demoted primary or a standby. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === READ_ONLY;
}

/** A connection is kept after an error that is only about the statement; not where it leads to a demoted primary. */
export function isConnectionUsable(error: unknown): boolean {
  return isServerError(error) && !isReadOnly(error);
}

export function isPermanent(error: unknown): boolean {
  const code = codeOf(error);
  return PERMANENT_CLASSES.has(code.slice(0, 2)) || PERMANENT_CODES.has(code);
}

/** What passes becomes a StoreUnavailableError; what is a defect stays what it is. */
export function translateError(error: unknown): unknown {
  if (error instanceof StoreUnavailableError) {
    return error;
  }
  const code = codeOf(error);
  const isPassing =
    TRANSIENT_CLASSES.has(code.slice(0, 2)) || TRANSIENT_CODES.has(code) || isSerializationConflict(error);
  const isDefect = error instanceof DatabaseError ? !isPassing : error instanceof TypeError;
  return isDefect
    ? error
    : new StoreUnavailableError(`PostgreSQL failed: ${messageOf(error)}`, { cause: error });
}

/** A host with several addresses fails with one error for each, and no text of its own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string {
  return error instanceof DatabaseError ? (error.code ?? '') : '';
}
