import { DomainError } from './domain-error.js';

/** No ingestion has this id. Becomes 404. */
export class UnknownIngestionError extends DomainError {
  override readonly kind = 'not_found';
  override readonly name = 'UnknownIngestionError';

  constructor(readonly ingestionId: string) {
    super('unknown ingestion_id');
  }
}

/** The ingestion is finished: every id has its outcome or was cancelled, so nothing can change. Becomes 409. */
export class IngestionFinishedError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'IngestionFinishedError';

  constructor() {
    super('the ingestion is over: nothing of it waits to be sent');
  }
}

/** The ingestion has ids that are pending or in flight, so it cannot be deleted. Becomes 409. */
export class IngestionActiveError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'IngestionActiveError';

  constructor() {
    super('the ingestion has not ended: cancel it, and wait until its ids in flight have their outcome');
  }
}

/** The `Idempotency-Key` was used before with another body. Becomes 422. */
export class IdempotencyConflictError extends DomainError {
  override readonly kind = 'mismatch';
  override readonly name = 'IdempotencyConflictError';

  constructor() {
    super('this Idempotency-Key was used with another body');
  }
}

/** An id costs more units than a limit of its lane ever lets go. Becomes 400. */
export class UnitsExceedLimitError extends DomainError {
  override readonly kind = 'invalid';
  override readonly name = 'UnitsExceedLimitError';

  constructor(lane: string, { rule, maxUnits }: { readonly rule: string; readonly maxUnits: number }) {
    const message = `must be at most ${String(maxUnits)}: lane ${lane} lets go ${rule}`;
    super(`units ${message}`, { fields: [{ field: 'units', message }] });
  }
}
