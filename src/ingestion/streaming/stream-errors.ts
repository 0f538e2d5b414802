import { DomainError } from '../../domain/domain-error.js';

/** A line of a streamed ingestion is invalid. Becomes 400. */
export class InvalidLineError extends DomainError {
  override readonly kind = 'invalid';
  override readonly name = 'InvalidLineError';

  /** `field` names the line; `reason` says what it must be and what it is. */
  constructor(field: string, reason: string) {
    super(`${field} ${reason}`, { fields: [{ field, message: reason }] });
  }
}

/** A streamed ingestion is unusable as a whole. Becomes 400. */
export class InvalidListError extends DomainError {
  override readonly kind = 'invalid';
  override readonly name = 'InvalidListError';
}

/** A streamed ingestion holds more ids than allowed. Becomes 413. */
export class TooManyIdsError extends DomainError {
  override readonly kind = 'too_large';
  override readonly name = 'TooManyIdsError';

  constructor(maxIds: number) {
    super(`the list holds more than ${String(maxIds)} ids`);
  }
}
