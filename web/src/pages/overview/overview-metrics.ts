import type { Dispatch, GateQueue } from '../../api/types.js';
import { acceptedAtMs } from '../gate/timeline-layout.js';

const WINDOW_MS = 60_000;
/** Number of dispatches that the service sends when a page connects. */
const INITIAL_DISPATCHES = 40;

/** Metrics of the gate over the last minute. */
export interface OverviewMetrics {
  /** Dispatches that began, per minute. */
  readonly perMinute: number;
  /** Dispatches per minute that the pace allows; null without a pace. */
  readonly allowedPerMinute: number | null;
  readonly unsuccessful: number;
  readonly meanMs: number | null;
  readonly slowestMs: number | null;
  /** Age in seconds of the oldest of the ids to be sent next; null if there are none. */
  readonly oldestSeconds: number | null;
}

export function computeMetrics(queue: GateQueue, dispatches: readonly Dispatch[]): OverviewMetrics {
  const nowMs = Date.parse(queue.now);
  const recent = dispatches.filter(({ started_at: at }) => nowMs - Date.parse(at) <= WINDOW_MS);
  const oldestMs = Math.min(nowMs, ...dispatches.map(({ started_at: at }) => Date.parse(at)));
  // Dispatches from before the page was opened are known only in part.
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
