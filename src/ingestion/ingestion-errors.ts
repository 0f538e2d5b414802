/** No ingestion has this id. Becomes 404. */
export class UnknownIngestionError extends Error {
  override readonly name = 'UnknownIngestionError';

  constructor(readonly ingestionId: string) {
    super('unknown ingestion_id');
  }
}

/** The `Idempotency-Key` came with another body before. Becomes 422. */
export class IdempotencyConflictError extends Error {
  override readonly name = 'IdempotencyConflictError';

  constructor() {
    super('this Idempotency-Key was used with another body');
  }
}
