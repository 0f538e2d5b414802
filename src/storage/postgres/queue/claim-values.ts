import type { Selection } from '../../../scheduler/queue/queue.repository.js';
import { toArrayLiterals } from '../database/array-literal.js';

/** Ids that are read at once: all new ids of a list, or those of one retry. */
interface Slice {
  readonly seq: number;
  readonly first: number;
  size: number;
}

/** The sums of what a claim takes from a list. */
interface TakenOfList {
  readonly seq: number;
  rank: number;
  ids: number;
  batches: number;
}

/** The values of a claim, for its statement: an array for each column. */
export interface ClaimValues {
  /** Per part: its dispatch, number, seq, batch, first and size. */
  readonly parts: readonly string[];
  /** Per list: seq, rank, new ids and new batches. */
  readonly lists: readonly string[];
  /** Per slice: seq, first and size. */
  readonly slices: readonly string[];
  /** Per part: whether it is a retry, its failures, rank and due time. */
  readonly retries: readonly string[];
  /** Per part: its kept key. */
  readonly keptKeys: readonly string[];
}

/** Returns the values of the parts of dispatches. Each list is counted, and its new ids are read, once for all of them. */
export function toClaimValues(
  dispatches: readonly (readonly Selection[])[],
  dispatchIds: readonly string[],
): ClaimValues {
  const lists = new Map<number, TakenOfList>();
  const newIds = new Map<number, Slice>();
  const slices: Slice[] = [];
  for (const { candidate, size } of dispatches.flat()) {
    const { seq, rank, first, isRetry } = candidate;
    const list = lists.get(seq) ?? { seq, rank, ids: 0, batches: 0 };
    lists.set(seq, list);
    const known = isRetry ? undefined : newIds.get(seq);
    if (known === undefined) {
      const slice = { seq, first, size };
      slices.push(slice);
      if (!isRetry) {
        newIds.set(seq, slice);
      }
    } else {
      known.size = first + size - known.first;
    }
    if (!isRetry) {
      list.rank = rank;
      list.ids += size;
      list.batches += 1;
    }
  }
  const parts = dispatches.flatMap((selections, i) =>
    selections.map(({ candidate, size }, partNo) => ({
      ...candidate,
      dispatchId: dispatchIds[i] ?? '',
      partNo,
      taken: size,
    })),
  );
  const ofLists = [...lists.values()];
  return {
    parts: toArrayLiterals(
      parts,
      ({ dispatchId }) => dispatchId,
      ({ partNo }) => partNo,
      ({ seq }) => seq,
      ({ batchNo }) => batchNo,
      ({ first }) => first,
      ({ taken }) => taken,
    ),
    lists: toArrayLiterals(
      ofLists,
      ({ seq }) => seq,
      ({ rank }) => rank,
      ({ ids }) => ids,
      ({ batches }) => batches,
    ),
    slices: toArrayLiterals(
      slices,
      ({ seq }) => seq,
      ({ first }) => first,
      ({ size }) => size,
    ),
    retries: toArrayLiterals(
      parts,
      ({ isRetry }) => isRetry,
      ({ failures }) => failures,
      ({ rank }) => rank,
      ({ pendingSinceMs }) => pendingSinceMs,
    ),
    keptKeys: toArrayLiterals(
      parts,
      ({ keptKey }) => keptKey?.dispatchId ?? null,
      ({ keptKey }) => keptKey?.place ?? null,
      ({ keptKey }) => keptKey?.size ?? null,
    ),
  };
}
