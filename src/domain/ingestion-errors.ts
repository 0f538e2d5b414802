import { DomainError } from './domain-error.js';

/** No ingestion has this id. Becomes 404. */
export class UnknownIngestionError extends DomainError {
  override readonly kind = 'not_found';
  override readonly name = 'UnknownIngestionError';

  constructor(readonly ingestionId: string) {
    super('unknown ingestion_id');
  }
}

/** Every id has its outcome, or it was cancelled: nothing is left to change. Becomes 409. */
export class IngestionFinishedError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'IngestionFinishedError';

  constructor() {
    super('the ingestion is over: nothing of it waits to be sent');
  }
}

/** The `Idempotency-Key` came with another body before. Becomes 422. */
export class IdempotencyConflictError extends DomainError {
  override readonly kind = 'mismatch';
  override readonly name = 'IdempotencyConflictError';

  constructor() {
    super('this Idempotency-Key was used with another body');
  }
}
