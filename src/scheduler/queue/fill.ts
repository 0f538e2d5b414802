import type { PriorityRank } from '../../domain/priority.js';
import type { Selection } from './queue.repository.js';

/** The terms on which a dispatch of a lane waits for more ids. */
export interface FillTerms {
  /** A dispatch with fewer ids waits, at most as many as a full dispatch has. */
  readonly minFill: number;
  /** The longest time that an id waits for others, in ms, counted from its acceptance or from the time its retry is due. */
  readonly maxWaitMs: number;
  /** A dispatch with an id of one of these priorities does not wait. */
  readonly exemptRanks: readonly PriorityRank[];
}

/** The part of a selection that may go now, and the time that the rest waits for more ids. */
export interface Filled {
  readonly selected: readonly Selection[];
  /** The time in ms after which the rest goes although it is short; null if nothing waits. */
  readonly waitMs: number | null;
}

/** Ids that wait for more. */
export interface Filling {
  /** The time in ms after the reading at which the ids go although they are too few. */
  readonly waitMs: number;
  /** Store time of the reading. */
  readonly readTimeMs: number;
  /** Monotonic time of this process when the reading began. */
  readonly readAtMs: number;
}

/**
 * Holds back the ids of the last dispatch if they are too few and may wait. `selected` are the next ids of a lane in their
 * order; if they do not fill the last dispatch, they are all that may be sent. `nowMs` is store time. A call that is
 * repeated cannot be filled, so it does not wait.
 */
export function holdShortDispatch(
  selected: readonly Selection[],
  batchSize: number,
  { minFill, maxWaitMs, exemptRanks }: FillTerms,
  nowMs: number,
): Filled {
  const all = { selected, waitMs: null };
  const ids = selected.reduce((sum, { size }) => sum + size, 0);
  const short = ids % batchSize;
  if (short === 0 || short >= minFill) {
    return all;
  }
  const full: Selection[] = [];
  const rest: Selection[] = [];
  let left = ids - short;
  for (const { candidate, size } of selected) {
    const taken = Math.min(left, size);
    left -= taken;
    if (taken > 0) {
      full.push({ candidate, size: taken });
    }
    if (taken < size) {
      rest.push({ candidate, size: size - taken });
    }
  }
  const mayWait = rest.every(
    ({ candidate }) => candidate.keptKey === undefined && !exemptRanks.includes(candidate.rank),
  );
  const oldestMs = Math.min(...rest.map(({ candidate }) => candidate.pendingSinceMs));
  const waitMs = oldestMs + maxWaitMs - nowMs;
  return mayWait && waitMs > 0 ? { selected: full, waitMs } : all;
}
