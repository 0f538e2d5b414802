import { parse } from 'yaml';
import type { Limit } from '../../domain/limits/limit.js';
import { LimitError } from '../../domain/limits/limit-fields.js';
import { parseLimits } from '../../domain/limits/parse-limits.js';
import { instead } from '../../domain/printable-text.js';

/**
 * Reads limits from a text in YAML or JSON.
 * @throws LimitError with one line
 */
export function readLimits(text: string): readonly Limit[] {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new LimitError(`must be a list in YAML or JSON such as [{ calls: 190, per: 10 }]${instead(text)}`, {
      cause: error,
    });
  }
  return parseLimits(value);
}

/** Returns the reason why a text holds no valid limits; null if it does. */
export function whyNoLimits(text: string): string | null {
  try {
    readLimits(text);
    return null;
  } catch (error) {
    if (error instanceof LimitError) {
      return error.message;
    }
    throw error;
  }
}
