import type { FillTerms } from '../../src/scheduler/queue/fill.js';
import type { Item, Reference } from './reference.js';

/** The times for which a short dispatch waits: until it goes although it is short, and until the next look at it. */
export interface Filling {
  readonly fullInMs: number;
  readonly opensInMs: number;
}

/** Returns how long these ids, the next dispatch of the lane, wait for more; null if they go now. */
export function fillingOf(
  reference: Reference,
  items: readonly Item[],
  fill: FillTerms | null,
  batchSize: number,
): Filling | null {
  const first = items[0];
  if (fill === null || first === undefined || items.length >= Math.min(fill.minFill, batchSize)) {
    return null;
  }
  if (
    items.some(
      (item) => item.keepsKey || fill.exemptRanks.some((rank) => rank === reference.rankOf(item.list)),
    )
  ) {
    return null;
  }
  const { nowMs } = reference;
  const since = items.map(({ state, dueMs, list }) => (state === 'new' ? list.acceptedMs : dueMs));
  const fullInMs = Math.min(...since) + fill.maxWaitMs - nowMs;
  const laterMs = reference
    .itemsOf(first.list.lane)
    .filter(({ state, dueMs }) => state === 'waiting' && dueMs > nowMs)
    .map(({ dueMs }) => dueMs - nowMs);
  return fullInMs <= 0 ? null : { fullInMs, opensInMs: Math.min(fullInMs, ...laterMs) };
}
