import type { LaneSettings, Queue, SettingValue } from '../../api/types.js';
import { formatCount, formatDuration } from '../../ui/format.js';
import { FieldError } from './field-error.js';
import { NONE, SETTINGS } from './setting-words.js';

/** Texts of the fields that were edited, by the name of the setting. */
export type Draft = Readonly<Record<string, string>>;

/** Changes for the request; null reverts a setting to its base. */
export type Changes = Readonly<Record<string, SettingValue>>;

/** Returns the text of a value for its field. */
export function toFieldText(value: SettingValue): string {
  return value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Returns the value with its unit, for people. */
export function formatSetting(name: string, value: SettingValue): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    return NONE;
  }
  if (typeof value === 'object') {
    return Array.isArray(value)
      ? value.map(name === 'quiet_hours' ? formatHours : formatLimit).join(', ')
      : JSON.stringify(value);
  }
  const unit = SETTINGS.get(name)?.unit;
  return unit === undefined ? String(value) : `${String(value)} ${unit}`;
}

/** Formats a limit as `190 calls per 10 s`; one with more fields than that stays JSON. */
function formatLimit(limit: unknown): string {
  const { per, ...rest } = limit as Readonly<Record<string, unknown>>;
  const [[what, count] = [], ...more] = Object.entries(rest);
  if (what === undefined || more.length > 0 || typeof count !== 'number' || typeof per === 'string') {
    return JSON.stringify(limit);
  }
  return `${formatCount(count)} ${what.replace('_', ' ')}${typeof per === 'number' ? ` per ${String(per)} s` : ''}`;
}

/** Formats quiet hours as `sat, sun 22:00 to 06:00 Europe/Berlin`. */
function formatHours(hours: unknown): string {
  const { days, from, to, time_zone: zone = 'UTC' } = hours as Readonly<Record<string, unknown>>;
  return `${Array.isArray(days) ? `${days.join(', ')} ` : ''}${String(from)} to ${String(to)} ${String(zone)}`;
}

/**
 * Returns the changes of a draft: the fields whose value differs from the current one.
 * @throws FieldError if the text of a field has the wrong form
 */
export function toChanges(draft: Draft, settings: LaneSettings['settings']): Changes {
  const changes: Record<string, SettingValue> = {};
  for (const [name, text] of Object.entries(draft)) {
    const current = settings[name]?.value ?? null;
    if (text.trim() !== toFieldText(current)) {
      changes[name] = toValue(name, text.trim());
    }
  }
  return changes;
}

/**
 * Converts the text of a field to the value of its setting.
 * @throws FieldError if it has the wrong form
 */
export function toValue(name: string, text: string): SettingValue {
  const words = SETTINGS.get(name);
  const label = words?.label ?? name;
  if (words?.kind === 'json') {
    if (text === '') {
      return [];
    }
    try {
      return JSON.parse(text) as SettingValue;
    } catch {
      throw new FieldError(name, `${label} must be a list such as ${words.example ?? '[]'}`);
    }
  }
  if (words?.kind === 'number') {
    const number = Number(text);
    if (text === '' || !Number.isFinite(number)) {
      throw new FieldError(name, `${label} must be a number`);
    }
    return number;
  }
  return text;
}

/** Returns what the changes will do, one sentence each. */
export function describeChanges(
  changes: Changes,
  settings: LaneSettings['settings'],
  queue: Pick<Queue, 'waiting' | 'retries_waiting'>,
): string[] {
  const sentences = Object.entries(changes).map(([name, value]) => {
    const text = formatSetting(name, value);
    return SETTINGS.get(name)?.effect(text) ?? `${name} is ${text}.`;
  });
  return [...sentences, ...describePace(changes, settings, queue)];
}

/** Compares the pace before and after; nothing if it does not change, or if limits decide it. */
function describePace(
  changes: Changes,
  settings: LaneSettings['settings'],
  { waiting, retries_waiting: retries }: Pick<Queue, 'waiting' | 'retries_waiting'>,
): string[] {
  if (!('batch_size' in changes || 'batch_delay' in changes || 'limits' in changes)) {
    return [];
  }
  if ('limits' in changes && !('batch_delay' in changes) && settings.batch_delay?.source !== 'api') {
    return [
      'The lane then takes no delay from the environment or the lanes file: set it here, if it needs one.',
    ];
  }
  const after = { ...mapValues(settings), ...changes };
  const [was, is] = [idsPerMinute(mapValues(settings)), idsPerMinute(after)];
  if (is === null) {
    return hasLimits(after)
      ? []
      : ['Nothing limits the pace any more: a dispatch goes as soon as a call may begin.'];
  }
  const pending = waiting.total + retries;
  const drain = (pace: number): string => formatDuration(Math.round((pending / pace) * 60));
  return [
    `The pace is ${formatPerMinute(is)}${was === null ? '' : ` instead of ${formatPerMinute(was)}`}.`,
    ...(pending > 0
      ? [
          `The ${formatCount(pending)} pending ids take about ${drain(is)}${was === null ? '' : ` instead of ${drain(was)}`}.`,
        ]
      : []),
  ];
}

function mapValues(settings: LaneSettings['settings']): Record<string, SettingValue> {
  return Object.fromEntries(Object.entries(settings).map(([name, { value }]) => [name, value]));
}

function hasLimits({ limits }: Readonly<Record<string, SettingValue>>): boolean {
  return Array.isArray(limits) && limits.length > 0;
}

/** Returns the ids a minute that size and delay allow; null if there is no delay, or if limits decide. */
function idsPerMinute(values: Readonly<Record<string, SettingValue>>): number | null {
  const [size, delay] = [Number(values.batch_size), Number(values.batch_delay)];
  return hasLimits(values) || !(size > 0 && delay > 0) ? null : (size * 60) / delay;
}

function formatPerMinute(ids: number): string {
  return `${formatCount(Math.round(ids * 10) / 10)} ids a minute`;
}
