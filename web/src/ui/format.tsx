import type { ReactElement } from 'react';

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

const DAY_MS = 86_400_000;

export function formatTime(iso: string, nowMs: number = Date.now()): string {
  const ms = Date.parse(iso);
  return (Math.abs(nowMs - ms) < DAY_MS / 2 ? CLOCK : DAY).format(ms);
}

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** Returns a time with its date and time zone, and the same in UTC. */
export function formatExactTime(iso: string): string {
  return `${EXACT.format(Date.parse(iso))} (${iso})`;
}

/** Shows a time in the browser's locale and time zone; its tooltip has the date, the zone and the time in UTC. */
export function Time({ value }: { readonly value: string }): ReactElement {
  return (
    <time dateTime={value} title={formatExactTime(value)}>
      {formatTime(value)}
    </time>
  );
}

/** Formats a duration: `4.2 s`, `3 min 20 s`, `1 min`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) {
    return `${seconds < 10 && seconds % 1 !== 0 ? seconds.toFixed(1) : String(Math.round(seconds))} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${String(minutes)} min${minutes < 10 ? withRest(seconds % 60, 's') : ''}`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${String(hours)} h${withRest(minutes % 60, 'min')}`
    : `${String(Math.floor(hours / 24))} d${withRest(hours % 24, 'h')}`;
}

/** Returns the smaller unit of a duration; empty if there is none of it. */
function withRest(count: number, unit: string): string {
  return Math.floor(count) === 0 ? '' : ` ${String(Math.floor(count))} ${unit}`;
}

const COUNT = new Intl.NumberFormat();

export function formatCount(count: number | bigint): string {
  return COUNT.format(count);
}
