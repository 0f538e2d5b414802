import { DomainError } from '../../domain/domain-error.js';

/** No bulk action has this id. Becomes 404. */
export class UnknownBulkActionError extends DomainError {
  override readonly kind = 'not_found';
  override readonly name = 'UnknownBulkActionError';

  constructor() {
    super('unknown bulk_action_id');
  }
}

/** The state of a bulk action does not allow what was asked for. Becomes 409. */
export class BulkActionStateError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'BulkActionStateError';
}
