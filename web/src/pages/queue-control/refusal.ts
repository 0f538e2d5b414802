import { ApiError } from '../../api/client.js';
import { toMessage } from '../../ui/error-message.js';

/** Reason why settings cannot be saved. */
export interface Refusal {
  /** Name of the setting that is wrong; null if the reason is none of the fields. */
  readonly field: string | null;
  readonly message: string;
}

/**
 * Returns the reason of a failed request. The service names the setting as `param`, or a part of it, as in
 * `limits[0].calls`.
 */
export function toRefusal(error: unknown, fields: ReadonlySet<string>): Refusal {
  const [setting = ''] = (error instanceof ApiError ? (error.field ?? '') : '').split('[');
  return { field: fields.has(setting) ? setting : null, message: toMessage(error) };
}
