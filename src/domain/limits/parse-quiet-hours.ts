import { instead } from '../printable-text.js';
import { LimitError, refuseUnknown } from './limit-fields.js';
import { QuietHours, type QuietPeriod } from './quiet-hours.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const KNOWN: ReadonlySet<string> = new Set(['days', 'from', 'to', 'time_zone']);
const TIME = /^([01]\d|2[0-4]):([0-5]\d)$/;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MAX_PERIODS = 50;
/** A week without a change of clocks in most zones. */
const SAMPLE_MS = Date.UTC(2026, 0, 5);

/**
 * Parses quiet hours such as `[{ days: [mon], from: "22:00", to: "06:00", time_zone: Europe/Berlin }]`; null if there are none.
 * @throws LimitError with one line
 */
export function parseQuietHours(value: unknown): QuietHours | null {
  if (!Array.isArray(value)) {
    throw new LimitError(
      `must be a list such as [{ days: [sat, sun], from: "00:00", to: "24:00" }]${instead(value)}`,
    );
  }
  if (value.length > MAX_PERIODS) {
    throw new LimitError(`must have at most ${String(MAX_PERIODS)} periods${instead(value.length)}`);
  }
  if (value.length === 0) {
    return null;
  }
  const hours = new QuietHours(value.map((each, i) => parsePeriod(each, `[${String(i)}]`)));
  if (!hours.leavesRoomAt(SAMPLE_MS)) {
    throw new LimitError('must leave some time of the week in which the lane may send');
  }
  return hours;
}

function parsePeriod(value: unknown, at: string): QuietPeriod {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LimitError(`${at} must have from and to${instead(value)}`);
  }
  const fields = value as Readonly<Record<string, unknown>>;
  refuseUnknown(fields, KNOWN, at);
  const fromMs = readTime(fields['from'], `${at}.from`);
  const toMs = readTime(fields['to'], `${at}.to`);
  if (fromMs === toMs || fromMs === DAY_MS || toMs === 0) {
    throw new LimitError(`${at} must begin before it ends: a whole day is from "00:00" to "24:00"`);
  }
  return {
    days: readDays(fields['days'], `${at}.days`),
    fromMs,
    toMs,
    timeZone: readTimeZone(fields['time_zone'], `${at}.time_zone`),
  };
}

function readTime(value: unknown, field: string): number {
  const [, hours, minutes] = TIME.exec(typeof value === 'string' ? value : '') ?? [];
  const timeMs = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
  if (!(timeMs <= DAY_MS)) {
    throw new LimitError(`${field} must be a time such as "22:00"${instead(value)}`);
  }
  return timeMs;
}

function readDays(value: unknown = DAYS, field: string): readonly number[] {
  const days = Array.isArray(value) ? value.map((day) => DAYS.indexOf(String(day).toLowerCase())) : [];
  if (days.length === 0 || days.includes(-1)) {
    throw new LimitError(`${field} must be a list of ${DAYS.join(', ')}${instead(value)}`);
  }
  return days;
}

function readTimeZone(value: unknown = 'UTC', field: string): string {
  try {
    if (typeof value === 'string' && value !== '') {
      new Intl.DateTimeFormat('en-US', { timeZone: value });
      return value;
    }
  } catch {
    // It is no time zone.
  }
  throw new LimitError(`${field} must be a time zone such as Europe/Berlin${instead(value)}`);
}
