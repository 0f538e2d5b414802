import { DatabaseError } from 'pg';
import { StoreUnavailableError } from '../../../domain/store-errors.js';

/**
 * The connection broke between a COMMIT and its response, so the data may be stored or not. Callers treat it as
 * unavailable; a client that repeats its request with the same Idempotency-Key gets the stored ingestion.
 */
export class InDoubtError extends StoreUnavailableError {}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
const LOCK_TIMEOUT = '55P03';
const READ_ONLY = '25006';
const NOT_NULL_VIOLATION = '23502';
const UNDEFINED_PREPARED_STATEMENT = '26000';
const DUPLICATE_PREPARED_STATEMENT = '42P05';

/**
 * Classes and codes of transient errors: the server is overloaded, stopping, starting, failing over or out of space.
 */
const TRANSIENT_CLASSES: ReadonlySet<string> = new Set(['08', '53', '57', '58']);
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  READ_ONLY,
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  LOCK_TIMEOUT,
]);

/**
 * Classes and codes of permanent errors: credentials, privileges, and a database, schema or object that does not exist.
 */
const PERMANENT_CLASSES: ReadonlySet<string> = new Set(['28', '42']);
const PERMANENT_CODES: ReadonlySet<string> = new Set(['3D000', '3F000', '0A000']);

const FATAL_SEVERITIES: ReadonlySet<string | undefined> = new Set(['FATAL', 'PANIC']);

/** Returns true if the transaction was rolled back because of a concurrent one; it succeeds when it is retried. */
export function isSerializationConflict(error: unknown): boolean {
  return [SERIALIZATION_FAILURE, DEADLOCK_DETECTED].includes(codeOf(error));
}

/** Returns true if the transaction was rolled back because others kept the locks that it needs. */
export function isLockConflict(error: unknown): boolean {
  return [LOCK_TIMEOUT, DEADLOCK_DETECTED].includes(codeOf(error));
}

/** Returns true if a pooler switched to a session that does not know the named statement. */
export function isUnknownStatement(error: unknown): boolean {
  return [UNDEFINED_PREPARED_STATEMENT, DUPLICATE_PREPARED_STATEMENT].includes(codeOf(error));
}

/** Returns true if the server reported the error and the connection remains usable. */
export function isServerError(error: unknown): boolean {
  return error instanceof DatabaseError && !FATAL_SEVERITIES.has(error.severity);
}

/** Returns true if the server ended the session before it completed the request. */
export function isSessionEnd(error: unknown): boolean {
  return error instanceof DatabaseError && FATAL_SEVERITIES.has(error.severity);
}

/** Returns true if a required column has no value. */
export function isNotNullViolation(error: unknown): boolean {
  return codeOf(error) === NOT_NULL_VIOLATION;
}

/** Returns true if the server accepts no writes, like a demoted primary or a standby. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === READ_ONLY;
}

/**
 * Returns true if the error concerns only the statement, so that the connection stays in the pool. A connection to a
 * demoted primary does not.
 */
export function isConnectionUsable(error: unknown): boolean {
  return isServerError(error) && !isReadOnly(error);
}

export function isPermanent(error: unknown): boolean {
  const code = codeOf(error);
  return PERMANENT_CLASSES.has(code.slice(0, 2)) || PERMANENT_CODES.has(code);
}

/** Converts transient errors to StoreUnavailableError; defects stay as they are. */
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

/**
 * Returns the message of an error. A host with several addresses fails with one error per address and without a text of
 * its own.
 */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string {
  return error instanceof DatabaseError ? (error.code ?? '') : '';
}
