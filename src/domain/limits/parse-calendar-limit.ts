import { PRIORITIES, PRIORITY_RANKS, toPriority, type Priority, type PriorityRank } from '../priority.js';
import { instead } from '../printable-text.js';
import { Calendar, type CalendarPeriod } from './calendar.js';
import type { CalendarLimit, CountedBy } from './limit.js';
import { LimitError, MAX_MARGIN_S, readSeconds, refuseUnknown, toMicroseconds } from './limit-fields.js';

/** Within this time of a boundary a call counts in both periods, unless the limit has a margin of its own. */
const MARGIN_S = 1;
const UTC = 'UTC';
const FIELDS = (counts: CountedBy): ReadonlySet<string> =>
  new Set([counts, 'per', 'time_zone', 'reserve', 'margin']);
const LOWEST: Priority = 'LOW';

/**
 * Reads a quota for each period of a calendar, such as
 * `{ ids: 650000, per: day, time_zone: Europe/Berlin, reserve: { HIGH: 10% } }`. Without a time zone it is UTC.
 * @throws LimitError
 */
export function parseCalendarLimit(
  fields: Readonly<Record<string, unknown>>,
  {
    counts,
    max,
    period,
  }: { readonly counts: CountedBy; readonly max: number; readonly period: CalendarPeriod },
  at: string,
): CalendarLimit {
  refuseUnknown(fields, FIELDS(counts), at);
  const { time_zone: timeZone = UTC, margin = MARGIN_S, reserve } = fields;
  return {
    kind: 'calendar',
    counts,
    max,
    maxByRank:
      reserve === undefined ? { 0: max, 1: max, 2: max } : parseReserve(reserve, max, `${at}.reserve`),
    calendar: parseCalendar(period, timeZone, at),
    marginUs: toMicroseconds(readSeconds(margin, `${at}.margin`, 0, MAX_MARGIN_S)),
  };
}

function parseCalendar(period: CalendarPeriod, timeZone: unknown, at: string): Calendar {
  try {
    if (typeof timeZone === 'string') {
      return new Calendar(period, timeZone);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
  }
  throw new LimitError(
    `${at}.time_zone must be a time zone such as Europe/Berlin or UTC${instead(timeZone)}`,
  );
}

/** Returns the most that each rank may find used: what is reserved for a priority is kept from all lower ones. */
function parseReserve(value: unknown, max: number, field: string): CalendarLimit['maxByRank'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LimitError(`${field} must be shares by priority, such as { HIGH: 10% }${instead(value)}`);
  }
  const shares: Readonly<Record<string, unknown>> = { ...value };
  if (LOWEST in shares) {
    throw new LimitError(`${field}.${LOWEST} reserves nothing: no priority is lower`);
  }
  refuseUnknown(shares, new Set(PRIORITIES.filter((priority) => priority !== LOWEST)), field);
  const amounts = PRIORITY_RANKS.map((rank) =>
    parseShare(shares[toPriority(rank)], max, `${field}.${toPriority(rank)}`),
  );
  const maxFor = (rank: PriorityRank): number =>
    max - amounts.slice(0, rank).reduce((sum, amount) => sum + amount, 0);
  if (maxFor(2) < 1) {
    throw new LimitError(`${field} leaves nothing for ${LOWEST}`);
  }
  return { 0: max, 1: maxFor(1), 2: maxFor(2) };
}

/** Reads a share, such as `10%`; none is 0. Returns an amount, rounded up. */
function parseShare(value: unknown, max: number, field: string): number {
  if (value === undefined) {
    return 0;
  }
  const digits = typeof value === 'string' ? /^(\d{1,3}(?:\.\d{1,6})?)\s*%$/.exec(value)?.[1] : undefined;
  const percent = Number(digits);
  if (!(percent > 0 && percent < 100)) {
    throw new LimitError(
      `${field} must be a share of more than 0% and less than 100%, such as 10%${instead(value)}`,
    );
  }
  return Math.ceil((max * percent) / 100);
}
