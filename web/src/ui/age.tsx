import { useEffect, useState, type ReactElement } from 'react';
import { formatDuration, formatExactTime } from './format.js';

const TICK_MS = 10_000;

/** Shows how long ago a time was (`3 min ago`), or how far it is ahead; its tooltip is the exact time. */
export function Age({ value }: { readonly value: string }): ReactElement {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => {
      setNowMs(Date.now());
    }, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return <AgeAt value={value} nowMs={nowMs} />;
}

/** Does the same as {@link Age} at the time `nowMs`, for tables that share one clock. */
export function AgeAt({ value, nowMs }: { readonly value: string; readonly nowMs: number }): ReactElement {
  return (
    <time dateTime={value} title={formatExactTime(value)}>
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
