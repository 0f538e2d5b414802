import { DomainError } from '../../domain/domain-error.js';

/** A lane has no setting with this name. Becomes 404. */
export class UnknownSettingError extends DomainError {
  override readonly kind = 'not_found';
  override readonly name = 'UnknownSettingError';

  constructor() {
    super('a lane has no such setting');
  }
}
