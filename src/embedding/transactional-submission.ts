import { Injectable } from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { kindOfStatus } from '../platform/http/problem-details.js';
import {
  httpStatusOf,
  isMissingFunction,
  submitList,
  type TransactionalList,
} from '../storage/postgres/ingestion/submit-list.js';
import { SluiceError } from './sluice-error.js';
import type { SqlTransaction, SubmittedList } from './sluice-service.js';

/** Submits lists in a transaction of the application around the service. The store must be PostgreSQL. */
@Injectable()
export class TransactionalSubmission {
  constructor(private readonly configuration: Configuration) {}

  /**
   * Resolves when the list is part of the transaction; its commit queues the list.
   * @throws SluiceError, or the error of the transaction: deadlocks and serialization failures keep their SQLSTATE
   */
  async submit(transaction: SqlTransaction, list: TransactionalList): Promise<SubmittedList> {
    const { DATABASE_URL: url, DATABASE_SCHEMA: schema } = this.configuration.variables;
    if (url === undefined) {
      throw new SluiceError('unsupported', 'transaction needs a store in PostgreSQL: set databaseUrl');
    }
    const { text, values } = submitList(schema, list);
    try {
      return toSubmittedList(await transaction.query(text, values));
    } catch (error) {
      throw toError(error, schema);
    }
  }
}

/** Reads the row from the result of `pg`, or from the array of rows that TypeORM returns. */
function toSubmittedList(result: unknown): SubmittedList {
  const rows: unknown = Array.isArray(result) ? result : (result as { rows?: unknown } | null)?.rows;
  const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
  const { ingestion_id: ingestionId, replayed } = (row ?? {}) as Partial<Record<string, unknown>>;
  if (typeof ingestionId !== 'string' || typeof replayed !== 'boolean') {
    throw new SluiceError('invalid', 'transaction.query() must return the rows, or an object with rows');
  }
  return { ingestionId, replayed };
}

function toError(error: unknown, schema: string): unknown {
  const status = httpStatusOf(error);
  if (error instanceof Error && status !== undefined) {
    return new SluiceError(kindOfStatus(status) ?? 'invalid', error.message, { cause: error });
  }
  return isMissingFunction(error)
    ? new SluiceError('misconfigured', `the database of the transaction has no Sluice in schema ${schema}`, {
        cause: error,
      })
    : error;
}
