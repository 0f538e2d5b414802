import { useImperativeHandle, useRef, type ReactElement, type Ref } from 'react';
import { formatDuration } from '../../ui/format.js';
import './countdown.css';

export interface CountdownHandle {
  /** Draws the time until the slot opens, `leftMs`; null while unknown. */
  draw(leftMs: number | null, slotMs: number): void;
}

const MINUTE_MS = 60_000;
const RADIUS = 15;
const CIRCUMFERENCE = 2 * Math.PI * RADIUS;

/**
 * Shows the time until the next slot opens: a ring that empties, and the seconds. It is drawn by `draw`, without
 * React.
 */
export function Countdown({
  ref,
  stopped,
  isWaiting,
}: {
  readonly ref: Ref<CountdownHandle>;
  /** Word to show while nothing is sent; null while calls may begin. */
  readonly stopped: string | null;
  readonly isWaiting: boolean;
}): ReactElement {
  const text = useRef<HTMLSpanElement>(null);
  const ring = useRef<SVGCircleElement>(null);
  useImperativeHandle(ref, () => ({
    draw(leftMs, slotMs) {
      const left = Math.max(0, leftMs ?? 0);
      const words = stopped ?? (left > 0 ? formatLeft(left) : isWaiting ? 'now' : 'open');
      if (text.current !== null && text.current.textContent !== words) {
        text.current.textContent = words;
      }
      ring.current?.setAttribute(
        'stroke-dashoffset',
        String(CIRCUMFERENCE * (1 - Math.min(1, left / slotMs))),
      );
    },
  }));
  return (
    <div className="countdown" role="timer" aria-label="Until the next slot">
      <svg viewBox="0 0 36 36" aria-hidden="true">
        <circle cx="18" cy="18" r={RADIUS} className="track" />
        <circle cx="18" cy="18" r={RADIUS} className="ring" ref={ring} strokeDasharray={CIRCUMFERENCE} />
      </svg>
      <span ref={text} />
    </div>
  );
}

function formatLeft(leftMs: number): string {
  return leftMs < MINUTE_MS ? `${(leftMs / 1000).toFixed(1)} s` : formatDuration(leftMs / 1000);
}
