import { PRIORITY_RANKS, type PriorityRank } from '../../domain/priority.js';
import { sizeOf, type IdRun } from './id-run.js';
import type { Amount, CalendarReading, RulesReading, WindowReading } from './departure-log.store.js';
import type { CalendarRule, LaneRules, WindowRule } from './lane-rules.js';

/** The amount that one rule still allows, by priority rank. It can be below zero. */
export interface RuleRoom {
  readonly counts: keyof Amount;
  readonly left: Record<PriorityRank, number>;
}

/** Returns what a window still allows; priorities are the same to it. */
export function roomOfWindow({ counts, max }: WindowRule, { used }: WindowReading): RuleRoom {
  const left = max - used;
  return { counts, left: { 0: left, 1: left, 2: left } };
}

/** Returns what the current period of a calendar still allows; nothing if the store did not know the period. */
export function roomOfCalendar({ counts, maxByRank }: CalendarRule, { used }: CalendarReading): RuleRoom {
  const left = (rank: PriorityRank): number => (used === null ? 0 : maxByRank[rank] - used);
  return { counts, left: { 0: left(0), 1: left(1), 2: left(2) } };
}

/** Returns what the limit for calls in flight still allows; null if the lane has none. */
export function roomInFlight({ inFlight }: LaneRules, { callsInFlight }: RulesReading): RuleRoom | null {
  if (inFlight === null) {
    return null;
  }
  const left = inFlight.max - callsInFlight;
  return { counts: 'calls', left: { 0: left, 1: left, 2: left } };
}

/**
 * Takes as many ids of dispatches as all rooms allow, in their order: the first id without room ends it. Returns the number
 * of ids that were taken of each dispatch that was begun.
 */
export function takeFrom(
  rooms: readonly RuleRoom[],
  dispatches: readonly (readonly IdRun[])[],
  isPerId: boolean,
): number[] {
  const left = rooms.map(({ counts, left: byRank }) => ({ counts, left: { ...byRank } }));
  const taken: number[] = [];
  for (const runs of dispatches) {
    const ids = takeDispatch(left, runs, isPerId);
    taken.push(ids);
    if (ids < sizeOf(runs)) {
      break;
    }
  }
  return taken;
}

function takeDispatch(rooms: readonly RuleRoom[], runs: readonly IdRun[], isPerId: boolean): number {
  let taken = 0;
  for (const run of runs) {
    const isCallNew = isPerId || taken === 0;
    const fitting = Math.max(
      0,
      Math.min(run.ids, ...rooms.map((room) => fittingIds(room, run, { isPerId, isCallNew }))),
    );
    if (fitting > 0) {
      taken += fitting;
      const calls = isPerId ? fitting : Number(isCallNew);
      take(rooms, { calls, ids: fitting, units: fitting * run.units });
    }
    if (fitting < run.ids) {
      break;
    }
  }
  return taken;
}

/** Returns how many ids of a run a room allows. A request of several ids is counted with its first id. */
function fittingIds(
  { counts, left }: RuleRoom,
  { rank, units }: IdRun,
  { isPerId, isCallNew }: { readonly isPerId: boolean; readonly isCallNew: boolean },
): number {
  if (counts === 'units') {
    return Math.floor(left[rank] / units);
  }
  if (counts === 'ids' || isPerId) {
    return left[rank];
  }
  return isCallNew && left[rank] < 1 ? 0 : Number.POSITIVE_INFINITY;
}

function take(rooms: readonly RuleRoom[], amount: Amount): void {
  for (const { counts, left } of rooms) {
    for (const rank of PRIORITY_RANKS) {
      left[rank] -= amount[counts];
    }
  }
}
