import type { ReactElement } from 'react';
import { formatDuration } from './format.js';

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** Shows how long ago a time was (`3 min ago`), or how far it is ahead; its tooltip is the exact local time. */
export function Age({
  value,
  nowMs = Date.now(),
}: {
  readonly value: string;
  readonly nowMs?: number;
}): ReactElement {
  return (
    <time dateTime={value} title={FULL.format(Date.parse(value))}>
      {formatAge(value, nowMs)}
    </time>
  );
}

export function formatAge(value: string, nowMs: number): string {
  const seconds = Math.round((nowMs - Date.parse(value)) / 1000);
  if (Math.abs(seconds) < 5) {
    return 'now';
  }
  const [words = ''] = /^\d+ \S+/.exec(formatDuration(Math.abs(seconds))) ?? [];
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}
