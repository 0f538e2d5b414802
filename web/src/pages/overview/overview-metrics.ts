import type { Dispatch, GateQueue } from '../../api/types.js';
import { acceptedAtMs } from '../gate/timeline-layout.js';

const WINDOW_MS = 60_000;
/** As many dispatches a page is told of when it opens. */
const INITIAL_DISPATCHES = 40;

/** What the last minute says of the gate. */
export interface OverviewMetrics {
  /** Dispatches begun a minute. */
  readonly perMinute: number;
  /** What the pace allows a minute; null without a pace. */
  readonly allowedPerMinute: number | null;
  readonly unsuccessful: number;
  readonly meanMs: number | null;
  readonly slowestMs: number | null;
  /** How long the oldest of those that go next has waited. */
  readonly oldestSeconds: number | null;
}

export function computeMetrics(queue: GateQueue, dispatches: readonly Dispatch[]): OverviewMetrics {
  const nowMs = Date.parse(queue.now);
  const recent = dispatches.filter(({ started_at: at }) => nowMs - Date.parse(at) <= WINDOW_MS);
  const oldestMs = Math.min(nowMs, ...dispatches.map(({ started_at: at }) => Date.parse(at)));
  // What went before the page was opened is known only in part.
  const isCutOff = dispatches.length >= INITIAL_DISPATCHES && nowMs - oldestMs < WINDOW_MS;
  const seenMs = isCutOff ? Math.max(1000, nowMs - oldestMs) : WINDOW_MS;
  const durations = recent.flatMap(({ duration_ms: ms }) => (ms === null ? [] : [ms]));
  const delay = queue.pace.batch_delay_seconds;
  const accepted = queue.next.flatMap(({ ingestion_id: id }) => acceptedAtMs(id) ?? []);
  return {
    perMinute: Math.round((recent.length * WINDOW_MS) / seenMs),
    allowedPerMinute: delay === 0 ? null : 60 / delay,
    unsuccessful: recent.reduce((sum, { unsuccessful }) => sum + unsuccessful, 0),
    meanMs: durations.length === 0 ? null : durations.reduce((sum, ms) => sum + ms, 0) / durations.length,
    slowestMs: durations.length === 0 ? null : Math.max(...durations),
    oldestSeconds: accepted.length === 0 ? null : Math.max(0, (nowMs - Math.min(...accepted)) / 1000),
  };
}
