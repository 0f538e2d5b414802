import { instead } from '../printable-text.js';
import { CALENDAR_PERIODS } from './calendar.js';
import type { CountedBy, Limit } from './limit.js';
import {
  LimitError,
  MAX_MARGIN_S,
  readSeconds,
  readWholeNumber,
  refuseUnknown,
  toMicroseconds,
} from './limit-fields.js';
import { parseCalendarLimit } from './parse-calendar-limit.js';

/** The margin of a window without a margin of its own: 20 ms and a ten-thousandth of the window. */
const MARGIN_US = 20_000;
const MARGIN_SHARE = 10_000;
const MAX_LIMITS = 10;
const MIN_PER_S = 0.001;
const MAX_PER_S = 366 * 86_400;
const KINDS = ['calls', 'ids', 'units', 'in_flight'] as const;
const WINDOW_FIELDS = new Set(['calls', 'ids', 'per', 'margin', 'spread']);
/** Units cannot be spread: the ids of a dispatch may cost more than its share. */
const UNITS_FIELDS = new Set(['units', 'per', 'margin']);

/**
 * Reads a list of limits, for example `[{ calls: 190, per: 10 }, { in_flight: 25 }]`. `per` and `margin` are seconds.
 * @throws LimitError
 */
export function parseLimits(value: unknown): readonly Limit[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new LimitError(
      `must be a list such as [{ calls: 190, per: 10 }, { in_flight: 25 }]${instead(value)}`,
    );
  }
  if (value.length > MAX_LIMITS) {
    throw new LimitError(`must be at most ${String(MAX_LIMITS)} limits${instead(value.length)}`);
  }
  return value.map((limit: unknown, i) => parseLimit(limit, `[${String(i)}]`));
}

function parseLimit(value: unknown, at: string): Limit {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LimitError(`${at} must be a limit such as { calls: 190, per: 10 }${instead(value)}`);
  }
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const named = KINDS.filter((kind) => kind in fields);
  const [kind] = named;
  if (kind === undefined || named.length > 1) {
    throw new LimitError(`${at} must name exactly one of ${KINDS.join(', ')}${instead(value)}`);
  }
  const max = readWholeNumber(fields[kind], `${at}.${kind}`);
  if (kind === 'in_flight') {
    refuseUnknown(fields, new Set([kind]), at);
    return { kind, max };
  }
  const period = CALENDAR_PERIODS.find((each) => each === fields['per']);
  return period === undefined
    ? parseWindow(fields, kind, max, at)
    : parseCalendarLimit(fields, { counts: kind, max, period }, at);
}

function parseWindow(
  fields: Readonly<Record<string, unknown>>,
  counts: CountedBy,
  max: number,
  at: string,
): Limit {
  refuseUnknown(fields, counts === 'units' ? UNITS_FIELDS : WINDOW_FIELDS, at);
  if (typeof fields['per'] === 'string') {
    const periods = CALENDAR_PERIODS.join(', ');
    throw new LimitError(
      `${at}.per must be a number of seconds, or one of ${periods}${instead(fields['per'])}`,
    );
  }
  const perUs = toMicroseconds(readSeconds(fields['per'], `${at}.per`, MIN_PER_S, MAX_PER_S));
  const { margin, spread = false } = fields;
  if (typeof spread !== 'boolean') {
    throw new LimitError(`${at}.spread must be true or false${instead(spread)}`);
  }
  const marginUs =
    margin === undefined
      ? MARGIN_US + Math.ceil(perUs / MARGIN_SHARE)
      : toMicroseconds(readSeconds(margin, `${at}.margin`, 0, MAX_MARGIN_S));
  return { kind: 'window', counts, max, perUs, marginUs, isSpread: spread };
}
