import { ApiError } from '../../api/client.js';
import { toMessage } from '../../ui/error-message.js';

/** Reason why settings cannot be saved. */
export interface Refusal {
  /** Name of the setting that is wrong; null if the reason is none of the fields. */
  readonly field: string | null;
  readonly message: string;
}

/**
 * Returns the reason of a failed request. The service names the field as `param`, or begins its message with the name of
 * the setting, as in `url must be …`.
 */
export function toRefusal(error: unknown, fields: ReadonlySet<string>): Refusal {
  const message = toMessage(error);
  const named = error instanceof ApiError ? (error.field ?? /^\w+/.exec(message)?.[0] ?? null) : null;
  return { field: named !== null && fields.has(named) ? named : null, message };
}
