import { parse } from 'yaml';
import { LimitError } from '../../domain/limits/limit-fields.js';
import { parseQuietHours } from '../../domain/limits/parse-quiet-hours.js';
import type { QuietHours } from '../../domain/limits/quiet-hours.js';

/**
 * Reads quiet hours from a text in YAML or JSON; null if there are none.
 * @throws LimitError with one line
 */
export function readQuietHours(text: string): QuietHours | null {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    value = text; // the parser below says what it must be
  }
  return parseQuietHours(value);
}

/** Returns the reason why a text holds no valid quiet hours; null if it does. */
export function whyNoQuietHours(text: string): string | null {
  try {
    readQuietHours(text);
    return null;
  } catch (error) {
    if (error instanceof LimitError) {
      return error.message;
    }
    throw error;
  }
}
