import { parseHttpDate } from './http-date.js';

/** The clocks that a moment in a response is compared with. */
export interface ResponseClock {
  /** The `Date` header of the response, if it has one: then a difference between the two clocks does not matter. */
  readonly date: string | undefined;
  /** The wall time of this machine, in ms. */
  readonly nowMs: number;
}

/** The longest wait that is returned. A longer one is a mistake of the upstream. */
export const MAX_WAIT_MS = 366 * 86_400_000;

/** Seconds from which a number is a moment since 1970 and not a duration: 31 years, or September 2001. */
const MIN_EPOCH_SECONDS = 1e9;
/** Numbers from which a moment since 1970 is in ms, and from which it is no moment at all. */
const MIN_EPOCH_MS = 1e11;
const MAX_EPOCH_MS = 1e14;
const MAX_LENGTH = 64;

const NUMBER = /^[+-]?\d+(?:\.\d*)?$/;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
/** A duration such as `1s`, `250ms` or `6m30.5s`. */
const DURATION = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;
const DURATION_UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000, 1];

/**
 * Parses a time to wait: seconds with optional decimals, seconds or ms since 1970, a date of HTTP or of RFC 3339, or a
 * duration such as `6m0s`. Returns the ms from now: 0 if the moment has passed or the number is negative, and
 * {@link MAX_WAIT_MS} at most; undefined if the text is none of these.
 */
export function parseWaitMs(text: string, clock: ResponseClock): number | undefined {
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) {
    return clamp(numberToWaitMs(Number(trimmed), clock));
  }
  if (trimmed.length > MAX_LENGTH) {
    return undefined;
  }
  const momentMs = parseMoment(trimmed, clock.nowMs);
  const waitMs = momentMs === undefined ? parseDuration(trimmed) : momentMs - responseTimeMs(clock);
  return waitMs === undefined ? undefined : clamp(waitMs);
}

function numberToWaitMs(value: number, clock: ResponseClock): number {
  if (value < MIN_EPOCH_SECONDS || value >= MAX_EPOCH_MS) {
    return value * 1000;
  }
  return (value < MIN_EPOCH_MS ? value * 1000 : value) - responseTimeMs(clock);
}

function parseMoment(text: string, nowMs: number): number | undefined {
  if (RFC_3339.test(text)) {
    const ms = Date.parse(text.toUpperCase().replace(' ', 'T'));
    return Number.isNaN(ms) ? undefined : ms;
  }
  return parseHttpDate(text, nowMs);
}

function parseDuration(text: string): number | undefined {
  const parts: (string | undefined)[] | undefined = DURATION.exec(text)?.slice(1);
  return parts?.reduce((ms, part, i) => ms + Number(part ?? 0) * (DURATION_UNITS_MS[i] ?? 0), 0);
}

/** The moment at which the upstream sent its response, by its own clock if it tells the time. */
function responseTimeMs({ date, nowMs }: ResponseClock): number {
  return parseHttpDate(date?.trim() ?? '', nowMs) ?? nowMs;
}

function clamp(ms: number): number {
  return Math.min(Math.max(0, Math.round(ms)), MAX_WAIT_MS);
}
