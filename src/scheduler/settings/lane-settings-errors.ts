import { DomainError, type FieldError } from '../../domain/domain-error.js';
import { LANE_VARIABLES } from '../../platform/config/variables.js';

/** Matches a message that begins with a setting, or with a part of one, as `limits[0].calls must be …` does. */
const ABOUT_SETTING = /^((\w+)[\w.[\]]*):? (.+)$/s;

/** There is no lane with this name. Becomes 404. */
export class UnknownLaneError extends DomainError {
  override readonly kind = 'not_found';
  override readonly name = 'UnknownLaneError';

  constructor() {
    super('unknown lane');
  }
}

/** The lane comes from the environment or the lanes file, so the API cannot retire it. Becomes 409. */
export class LaneNotMadeError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'LaneNotMadeError';

  constructor(lane: string) {
    super(`lane ${lane} was not made over the API: remove it from the lanes file`);
  }
}

/** The lane is being retired. Becomes 409. */
export class LaneRetiringError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'LaneRetiringError';

  /** `advice` says what can be done instead. */
  constructor(lane: string, advice?: string) {
    super(`lane ${lane} is being retired${advice === undefined ? '' : `: ${advice}`}`);
  }
}

/** The lane takes no ids: it is retired or being retired, or it is not configured any more. Becomes 409. */
export class LaneNotInServiceError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'LaneNotInServiceError';

  constructor(lane: string) {
    super(`lane ${lane} is retired: make it again before its ids are sent again`);
  }
}

/** Ids are pending in the lane that is to be retired. Becomes 409. */
export class LaneNotEmptyError extends DomainError {
  override readonly kind = 'conflict';
  override readonly name = 'LaneNotEmptyError';

  constructor(lane: string) {
    super(`ids are pending in lane ${lane}: retire it with pending=cancel or pending=drain`);
  }
}

/** There is a lane with the name of one that must be new. Becomes 412. */
export class LaneExistsError extends DomainError {
  override readonly kind = 'precondition';
  override readonly name = 'LaneExistsError';

  constructor(lane: string) {
    super(`there is a lane ${lane} already`);
  }
}

/** Settings that a lane cannot have. Becomes 422. */
export class LaneSettingsError extends DomainError {
  override readonly kind = 'mismatch';
  override readonly name = 'LaneSettingsError';

  /** Creates the error from a message in the terms of the settings; it is about the setting that the message begins with. */
  static about(message: string, options: ErrorOptions = {}): LaneSettingsError {
    return new LaneSettingsError(message, { ...options, fields: fieldsOf(message) });
  }
}

function fieldsOf(text: string): readonly FieldError[] {
  const [, field = '', setting = '', message = ''] = ABOUT_SETTING.exec(text) ?? [];
  return LANE_VARIABLES.has(setting) ? [{ field, message }] : [];
}

/** The settings of the lane have another version than the one that the client wants to change. Becomes 412. */
export class LaneVersionError extends DomainError {
  override readonly kind = 'precondition';
  override readonly name = 'LaneVersionError';

  constructor(readonly version: number) {
    super(`the settings of the lane have version ${String(version)} now`);
  }
}
