import type { Dispatch, GateQueue, LaneState } from '../api/types.js';

/**
 * `live`: told of every change. `polling`: asked every second. `lost`: what is shown is old.
 * `refused`: it is not for the key that is used, or there is no such lane.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'lost' | 'refused';

/** A lane state from one moment on, by the service's clock; `unknown` while this page was told nothing. */
export interface StateChange {
  readonly fromMs: number;
  readonly state: LaneState | 'unknown';
}

export interface GateState {
  readonly connection: Connection;
  readonly queue: GateQueue | null;
  /** The newest first. */
  readonly dispatches: readonly Dispatch[];
  /** This page's clock (`performance.now()`) when the service's said `queue.now`. */
  readonly queueAtMs: number;
  /** The oldest first; what this page was told since it was opened. */
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

/** From `sinceMs` on, on this page's clock, nothing is known of the lane until its queue is told again. */
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

/** A dispatch that is known is replaced, a new one finds its place. */
export function withDispatches(state: GateState, news: readonly Dispatch[]): GateState {
  return { ...state, dispatches: mergeDispatches(state.dispatches, news).slice(0, MAX_DISPATCHES) };
}

/** The newest first, each as the second list has it where that knows it. */
export function mergeDispatches(dispatches: readonly Dispatch[], news: readonly Dispatch[]): Dispatch[] {
  const byId = new Map([...dispatches, ...news].map((dispatch) => [dispatch.dispatch_id, dispatch]));
  return [...byId.values()].sort(newestFirst);
}

function newestFirst(a: Dispatch, b: Dispatch): number {
  return b.started_at.localeCompare(a.started_at) || b.dispatch_id.localeCompare(a.dispatch_id);
}

/** A time of the service on this page's clock. */
export function toPageMs({ queue, queueAtMs }: GateState, time: string): number {
  return queueAtMs + Date.parse(time) - (queue === null ? Date.parse(time) : Date.parse(queue.now));
}

/** When the next slot opens, on this page's clock; null while paused or unknown. */
export function slotOpensAtMs({ queue, queueAtMs }: GateState): number | null {
  const seconds = queue?.next_slot_in_seconds ?? null;
  return seconds === null ? null : queueAtMs + seconds * 1000;
}
