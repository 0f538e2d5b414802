import type { Dispatch, GateQueue, QueuedRun } from '../../api/types.js';
import { toPageMs, type GateState, type StateChange } from '../../live/gate-state.js';

/** Maximum width of a gap, in slots, for any number of slots in a row without a dispatch. */
const MAX_GAP_SLOTS = 2;
/** Dispatches that begin within this many slots of each other are shown without a gap. */
const CONSECUTIVE_SLOTS = 1.2;
const MIN_SHOWN_GAP_SLOTS = 0.5;
/** Length of a slot where there is no pace, in milliseconds. */
const UNPACED_SLOT_MS = 1000;

/** Reason why nothing was sent. `unknown`: ids were pending, and the page received no updates at that time. */
export type IdleReason =
  | 'idle'
  | 'missed'
  | 'paused'
  | 'held'
  | 'limited'
  | 'quiet_hours'
  | 'filling'
  | 'breaker_open'
  | 'waiting_for_retry'
  | 'at_capacity'
  | 'unknown';

export type TimelineItem =
  | { readonly kind: 'dispatch'; readonly at: number; readonly dispatch: Dispatch }
  | {
      readonly kind: 'gap';
      readonly at: number;
      readonly width: number;
      readonly slots: number;
      readonly seconds: number;
      readonly why: IdleReason;
      readonly key: string;
    };

export function slotMs({ pace }: GateQueue): number {
  return pace.batch_delay_seconds === 0 ? UNPACED_SLOT_MS : pace.batch_delay_seconds * 1000;
}

/**
 * Lays out sent dispatches in units of one slot: the newest at 0, older ones and the gaps between them at negative
 * positions.
 */
export function layOutHistory(
  dispatches: readonly Dispatch[],
  slot: number,
  changes: readonly StateChange[],
): TimelineItem[] {
  const items: TimelineItem[] = [];
  let at = 0;
  dispatches.forEach((dispatch, i) => {
    const newer = dispatches[i - 1];
    if (newer !== undefined) {
      const [fromMs, toMs] = [Date.parse(dispatch.started_at), Date.parse(newer.started_at)];
      const elapsedMs = toMs - fromMs;
      const units = toWidth(elapsedMs / slot);
      if (units - 1 >= MIN_SHOWN_GAP_SLOTS) {
        const gapMs = elapsedMs - slot;
        items.push({
          kind: 'gap',
          at: at - (units - 1),
          width: units - 1,
          slots: Math.max(1, Math.round(gapMs / slot)),
          seconds: gapMs / 1000,
          why: emptinessOf(
            longestState(changes, fromMs + slot, toMs),
            wasMissed(newer, fromMs + slot * CONSECUTIVE_SLOTS),
          ),
          key: `${dispatch.dispatch_id}-gap`,
        });
      }
      at -= units;
    }
    items.push({ kind: 'dispatch', at, dispatch });
  });
  return items;
}

/** Returns the number of slots from the newest dispatch to the oldest. */
export function lengthOf(items: readonly TimelineItem[]): number {
  return -(items.at(-1)?.at ?? 0);
}

/** Returns the distance of the newest dispatch from the gate, in slots; it is limited, like the width of a gap. */
export function slotsSinceDispatch(elapsedSlots: number): number {
  return Math.min(Math.max(0, elapsedSlots), 1 + MAX_GAP_SLOTS);
}

function toWidth(slots: number): number {
  return slots < CONSECUTIVE_SLOTS ? 1 : Math.min(slots, 1 + MAX_GAP_SLOTS);
}

/** Returns the lane state that lasted longest between two times. */
function longestState(changes: readonly StateChange[], fromMs: number, toMs: number): StateChange['state'] {
  const lasted = new Map<StateChange['state'], number>();
  [{ fromMs: -Infinity, state: 'unknown' as const }, ...changes].forEach((change, i) => {
    const ms = Math.min(toMs, changes[i]?.fromMs ?? Infinity) - Math.max(fromMs, change.fromMs);
    if (ms > 0) {
      lasted.set(change.state, (lasted.get(change.state) ?? 0) + ms);
    }
  });
  const [longest] = [...lasted].sort(([, a], [, b]) => b - a);
  return longest?.[0] ?? 'unknown';
}

/**
 * Returns the reason for an idle slot. In an open lane, it is a missed slot only if ids were pending (`hadWaited`).
 */
function emptinessOf(state: StateChange['state'], hadWaited: boolean): IdleReason {
  switch (state) {
    case 'unknown':
      return hadWaited ? 'unknown' : 'idle';
    case 'open':
    case 'idle':
      return hadWaited ? 'missed' : 'idle';
    case 'breaker_probing':
      return 'breaker_open';
    default:
      return state;
  }
}

/** Returns whether ids of the dispatch were already pending at `openedAtMs`; retries do not count. */
function wasMissed({ parts }: Dispatch, openedAtMs: number): boolean {
  return parts.some(({ retry, ingestion_id: id }) => !retry && (acceptedAtMs(id) ?? Infinity) < openedAtMs);
}

/** Returns the time of acceptance, with which an ingestion id begins as a UUID of version 7; null for other ids. */
export function acceptedAtMs(ingestionId: string): number | null {
  const hex = ingestionId.replaceAll('-', '');
  return hex[12] === '7' ? Number.parseInt(hex.slice(0, 12), 16) : null;
}

/** A dispatch that is expected from the head of the queue. */
export interface PlannedDispatch {
  /** Key that stays the same as long as the ids do. */
  readonly key: string;
  readonly runs: readonly QueuedRun[];
  /** Expected time of the dispatch, by the page's clock; null while unknown. */
  readonly atMs: number | null;
}

/** Divides the head of the queue into the dispatches that are expected from it. */
export function planDispatches(
  { next, pace }: GateQueue,
  opensAtMs: number | null,
  slot: number,
): PlannedDispatch[] {
  const planned: { runs: QueuedRun[]; ids: number }[] = [];
  for (const run of next) {
    let from = 0;
    while (from < run.ids.length) {
      let last = planned.at(-1);
      if (last === undefined || last.ids === pace.batch_size) {
        last = { runs: [], ids: 0 };
        planned.push(last);
      }
      const ids = run.ids.slice(from, from + pace.batch_size - last.ids);
      last.runs.push({ ...run, ids });
      last.ids += ids.length;
      from += ids.length;
    }
  }
  const met = new Map<string, number>();
  return planned.map(({ runs }, i) => {
    const carried = runs.map((run) => `${run.ingestion_id} ${String(run.retry)} ${run.ids.join()}`).join();
    const times = (met.get(carried) ?? 0) + 1; // a list may contain an id twice
    met.set(carried, times);
    return {
      key: `${carried} ${String(times)}`,
      runs,
      // under limits several may go at once, or the second one long after the first
      atMs: opensAtMs === null || (i > 0 && pace.limits.length > 0) ? null : opensAtMs + i * slot,
    };
  });
}

/** Returns the reason why nothing is sent now. */
export function currentIdleReason({ queue }: GateState): IdleReason {
  return queue === null ? 'unknown' : emptinessOf(queue.state, queue.waiting.total + queue.retries_due > 0);
}

/** Returns the time at which the newest dispatch began, by the page's clock; null without a dispatch. */
export function newestAtMs(state: GateState): number | null {
  const [newest] = state.dispatches;
  return newest === undefined ? null : toPageMs(state, newest.started_at);
}
