import type { Dispatch, GateQueue, LaneState } from '../api/types.js';

/**
 * State of the connection. `live`: the service sends every change. `polling`: the page asks every second. `lost`: the
 * data on the page is old. `refused`: the key is not accepted, or the lane does not exist.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'lost' | 'refused';

/** Lane state from a moment on, by the service's clock; `unknown` while the page receives no updates. */
export interface StateChange {
  readonly fromMs: number;
  readonly state: LaneState | 'unknown';
}

export interface GateState {
  readonly connection: Connection;
  readonly queue: GateQueue | null;
  /** Dispatches, the newest first. */
  readonly dispatches: readonly Dispatch[];
  /** Time by the page's clock (`performance.now()`) that corresponds to `queue.now` of the service. */
  readonly queueAtMs: number;
  /** State changes that were received since the page was opened, the oldest first. */
  readonly changes: readonly StateChange[];
}

export const INITIAL_STATE: GateState = {
  connection: 'connecting',
  queue: null,
  dispatches: [],
  queueAtMs: 0,
  changes: [],
};

const MAX_DISPATCHES = 400;

export function withQueue(state: GateState, queue: GateQueue, atMs: number): GateState {
  const changes = withChange(state.changes, { fromMs: Date.parse(queue.now), state: queue.state });
  return { ...state, queue, queueAtMs: atMs, changes };
}

/** Marks the lane state as unknown from `sinceMs` on, by the page's clock, until the next queue is received. */
export function withoutNews(state: GateState, sinceMs: number): GateState {
  const { queue, queueAtMs, changes } = state;
  if (queue === null) {
    return state;
  }
  const fromMs = Date.parse(queue.now) + Math.max(0, sinceMs - queueAtMs);
  return { ...state, changes: withChange(changes, { fromMs, state: 'unknown' }) };
}

function withChange(changes: readonly StateChange[], change: StateChange): readonly StateChange[] {
  return changes.at(-1)?.state === change.state ? changes : [...changes, change].slice(-MAX_DISPATCHES);
}

/** Adds dispatches; one with a known id replaces the previous version. */
export function withDispatches(state: GateState, news: readonly Dispatch[]): GateState {
  return { ...state, dispatches: mergeDispatches(state.dispatches, news).slice(0, MAX_DISPATCHES) };
}

/** Merges two lists of dispatches, the newest first; of two with the same id, the one of the second list is kept. */
export function mergeDispatches(dispatches: readonly Dispatch[], news: readonly Dispatch[]): Dispatch[] {
  const byId = new Map([...dispatches, ...news].map((dispatch) => [dispatch.dispatch_id, dispatch]));
  return [...byId.values()].sort(newestFirst);
}

function newestFirst(a: Dispatch, b: Dispatch): number {
  return b.started_at.localeCompare(a.started_at) || b.dispatch_id.localeCompare(a.dispatch_id);
}

/** Converts a time of the service to the page's clock. */
export function toPageMs({ queue, queueAtMs }: GateState, time: string): number {
  return queueAtMs + Date.parse(time) - (queue === null ? Date.parse(time) : Date.parse(queue.now));
}

/** Returns the time at which the next slot opens, by the page's clock; null while paused or unknown. */
export function slotOpensAtMs({ queue, queueAtMs }: GateState): number | null {
  const seconds = queue?.next_slot_in_seconds ?? null;
  return seconds === null ? null : queueAtMs + seconds * 1000;
}
