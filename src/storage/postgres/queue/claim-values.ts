import type { Selection } from '../../../scheduler/queue/queue.repository.js';
import { toArrayLiteral } from '../database/array-literal.js';

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

/** What a claim takes, as arrays that the statement reads with `unnest`. */
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
    parts: [
      toArrayLiteral(parts.map(({ dispatchId }) => dispatchId)),
      toArrayLiteral(parts.map(({ partNo }) => partNo)),
      toArrayLiteral(parts.map(({ seq }) => seq)),
      toArrayLiteral(parts.map(({ batchNo }) => batchNo)),
      toArrayLiteral(parts.map(({ first }) => first)),
      toArrayLiteral(parts.map(({ taken }) => taken)),
    ],
    lists: [
      toArrayLiteral(ofLists.map(({ seq }) => seq)),
      toArrayLiteral(ofLists.map(({ rank }) => rank)),
      toArrayLiteral(ofLists.map(({ ids }) => ids)),
      toArrayLiteral(ofLists.map(({ batches }) => batches)),
    ],
    slices: [
      toArrayLiteral(slices.map(({ seq }) => seq)),
      toArrayLiteral(slices.map(({ first }) => first)),
      toArrayLiteral(slices.map(({ size }) => size)),
    ],
    retries: [
      toArrayLiteral(parts.map(({ isRetry }) => isRetry)),
      toArrayLiteral(parts.map(({ failures }) => failures)),
      toArrayLiteral(parts.map(({ rank }) => rank)),
      toArrayLiteral(parts.map(({ pendingSinceMs }) => pendingSinceMs)),
    ],
    keptKeys: [
      toArrayLiteral(parts.map(({ keptKey }) => keptKey?.dispatchId ?? null)),
      toArrayLiteral(parts.map(({ keptKey }) => keptKey?.place ?? null)),
      toArrayLiteral(parts.map(({ keptKey }) => keptKey?.size ?? null)),
    ],
  };
}
