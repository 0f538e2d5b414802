import type { List, Reference } from './reference.js';

/**
 * Cancels the lists of a lane that have expired, then admits at most `limit` lists that are due: the highest priority
 * first, then the one that fell due first. Each stands as if it were accepted now.
 */
export function applyTimes(reference: Reference, lane: string, limit: number): void {
  const { lists, nowMs } = reference;
  const ofLane = lists.filter((list) => list.lane === lane);
  for (const list of ofLane.filter(({ expiresMs }) => expiresMs !== null && expiresMs <= nowMs)) {
    if (list.finishedMs === null && !list.isCancelled) {
      reference.cancel(list);
      list.cancelReason = 'expired';
    }
  }
  const due = ofLane.filter(isDue(nowMs)).sort((a, b) => {
    return reference.rankOf(a) - reference.rankOf(b) || dueMsOf(a) - dueMsOf(b) || a.seq - b.seq;
  });
  for (const list of due.slice(0, limit)) {
    list.dueMs = null;
    list.acceptedMs = nowMs;
    list.seq = reference.nextSeq();
  }
}

function isDue(nowMs: number): (list: List) => boolean {
  return ({ dueMs }) => dueMs !== null && dueMs <= nowMs;
}

function dueMsOf({ dueMs }: List): number {
  return dueMs ?? Infinity;
}
