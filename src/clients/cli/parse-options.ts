import { InvalidArgumentError } from 'commander';
import type { Priority } from '../typescript/index.js';

export const PRIORITIES: readonly Priority[] = ['HIGH', 'MEDIUM', 'LOW'];

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Parses a priority in any case.
 * @throws InvalidArgumentError if it is none
 */
export function parsePriority(text: string): Priority {
  const priority = PRIORITIES.find((each) => each === text.toUpperCase());
  if (priority === undefined) {
    throw new InvalidArgumentError(`Allowed choices are ${PRIORITIES.join(', ')}.`);
  }
  return priority;
}

/**
 * Parses a period, `30s`, `15m`, `24h` or `7d`, to milliseconds.
 * @throws InvalidArgumentError if it is none
 */
export function parsePeriod(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) {
    throw new InvalidArgumentError('must be a period such as 30s, 15m, 24h or 7d.');
  }
  return Number(count) * unitMs;
}
