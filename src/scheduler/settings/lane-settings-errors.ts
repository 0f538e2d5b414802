import { DomainError } from '../../domain/domain-error.js';

/** There is no lane with this name. Becomes 404. */
export class UnknownLaneError extends DomainError {
  override readonly kind = 'not_found';
  override readonly name = 'UnknownLaneError';

  constructor() {
    super('unknown lane');
  }
}

/** Settings that a lane cannot have. Becomes 422. */
export class LaneSettingsError extends DomainError {
  override readonly kind = 'mismatch';
  override readonly name = 'LaneSettingsError';
}

/** The settings of the lane have another version than the one that the client wants to change. Becomes 412. */
export class LaneVersionError extends DomainError {
  override readonly kind = 'precondition';
  override readonly name = 'LaneVersionError';

  constructor(readonly version: number) {
    super(`the settings of the lane have version ${String(version)} now`);
  }
}
