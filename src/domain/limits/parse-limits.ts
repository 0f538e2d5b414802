import type { CountedBy, Limit } from './limit.js';

const MICROSECONDS = 1_000_000;
/** The margin of a window without a margin of its own: 20 ms and a ten-thousandth of the window. */
const MARGIN_US = 20_000;
const MARGIN_SHARE = 10_000;
const MAX_LIMITS = 10;
const MAX_COUNT = 1_000_000_000_000;
const MIN_PER_S = 0.001;
const MAX_PER_S = 366 * 86_400;
const MAX_MARGIN_S = 3600;
const KINDS = ['calls', 'ids', 'in_flight'] as const;
const WINDOW_FIELDS = new Set(['calls', 'ids', 'per', 'margin', 'spread']);

/** A limit is not valid. The message is one line, and names the limit and the field. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

/**
 * Reads a list of limits, for example `[{ calls: 190, per: 10 }, { in_flight: 25 }]`. `per` and `margin` are seconds.
 * @throws LimitError
 */
export function parseLimits(value: unknown): readonly Limit[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new LimitError('must be a list such as [{ calls: 190, per: 10 }, { in_flight: 25 }]');
  }
  if (value.length > MAX_LIMITS) {
    throw new LimitError(`must be at most ${String(MAX_LIMITS)} limits`);
  }
  return value.map((limit: unknown, i) => parseLimit(limit, `[${String(i)}]`));
}

function parseLimit(value: unknown, at: string): Limit {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LimitError(`${at} must be a limit such as { calls: 190, per: 10 }`);
  }
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const named = KINDS.filter((kind) => kind in fields);
  const [kind] = named;
  if (kind === undefined || named.length > 1) {
    throw new LimitError(`${at} must name exactly one of ${KINDS.join(', ')}`);
  }
  const max = readNumber(fields[kind], `${at}.${kind}`, 1, MAX_COUNT);
  if (!Number.isInteger(max)) {
    throw new LimitError(`${at}.${kind} must be a whole number`);
  }
  refuseUnknown(fields, kind === 'in_flight' ? new Set([kind]) : WINDOW_FIELDS, at);
  return kind === 'in_flight' ? { kind, max } : parseWindow(fields, kind, max, at);
}

function parseWindow(
  fields: Readonly<Record<string, unknown>>,
  counts: CountedBy,
  max: number,
  at: string,
): Limit {
  const perUs = toMicroseconds(readNumber(fields['per'], `${at}.per`, MIN_PER_S, MAX_PER_S));
  const { margin, spread = false } = fields;
  if (typeof spread !== 'boolean') {
    throw new LimitError(`${at}.spread must be true or false`);
  }
  const marginUs =
    margin === undefined
      ? MARGIN_US + Math.ceil(perUs / MARGIN_SHARE)
      : toMicroseconds(readNumber(margin, `${at}.margin`, 0, MAX_MARGIN_S));
  return { kind: 'window', counts, max, perUs, marginUs, isSpread: spread };
}

function readNumber(value: unknown, field: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    const unit = /\.(?:per|margin)$/.test(field) ? ' of seconds' : '';
    throw new LimitError(`${field} must be a number${unit} from ${String(min)} to ${String(max)}`);
  }
  return value;
}

function refuseUnknown(
  fields: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  at: string,
): void {
  const unknown = Object.keys(fields).find((field) => !known.has(field));
  if (unknown !== undefined) {
    throw new LimitError(
      `${at} has an unknown field ${JSON.stringify(unknown)}; known: ${[...known].join(', ')}`,
    );
  }
}

function toMicroseconds(seconds: number): number {
  return Math.ceil(seconds * MICROSECONDS);
}
