import type { Candidate, LaneSelection } from '../../../scheduler/queue/queue.repository.js';
import { toArrayLiterals } from '../database/array-literal.js';
import { toVersionLiteral, type HeadRows } from './pending-ids.js';

/** The claim of a lane, with the rows that were read of it before. */
export interface ReadClaim extends Pick<HeadRows, 'gate' | 'serverStarted'> {
  readonly laneNo: number;
  readonly selection: LaneSelection;
  readonly dispatchIds: readonly string[];
}

/** Ids that are read at once: all new ids of a list, or those of one retry. */
interface Slice {
  readonly laneNo: number;
  readonly seq: number;
  readonly first: number;
  size: number;
}

/** The sums of what a claim takes from a list. */
interface TakenOfList {
  readonly laneNo: number;
  readonly seq: number;
  rank: number;
  ids: number;
  batches: number;
}

/** The values of the claims of one or more lanes, for their statement: an array for each column. */
export interface ClaimValues {
  /**
   * Per claim: lane, epoch, version of the gate's row, server (see `SERVER_STARTED`; null for any), ms within which the
   * request is sent, delay in ms and batch size of the lane in this process, calls, and lease in ms. Per dispatch: lane and
   * id. Per part: lane, dispatch, number, seq, batch, first and size. Per list: lane, seq, rank, new ids and new batches.
   * Per slice: lane, seq, first and size.
   */
  readonly common: readonly string[];
  /** Per part: whether it is a retry, its failures, rank and due time. */
  readonly retries: readonly string[];
  /** Per part: its kept key. */
  readonly keptKeys: readonly string[];
}

/** Returns the values of claims. Each list is counted, and its new ids are read, once for all dispatches of its lane. */
export function toClaimValues(claims: readonly ReadClaim[]): ClaimValues {
  const parts = claims.flatMap(toPartRows);
  const taken = claims.map(toTakenRows);
  const laneNoOf = ({ laneNo }: { readonly laneNo: number }): number => laneNo;
  return {
    common: [
      ...toArrayLiterals(
        claims,
        laneNoOf,
        ({ gate }) => gate.turn,
        ({ gate }) => toVersionLiteral(gate.version),
        ({ serverStarted }) => serverStarted,
        ({ selection }) => selection.slot.sendWithinMs,
        ({ selection }) => selection.slot.delayMs,
        ({ selection }) => selection.batchSize,
        ({ selection }) => selection.calls,
        ({ selection }) => selection.leaseMs,
      ),
      ...toArrayLiterals(
        claims.flatMap(({ laneNo, dispatchIds }) => dispatchIds.map((id) => ({ laneNo, id }))),
        laneNoOf,
        ({ id }) => id,
      ),
      ...toArrayLiterals(
        parts,
        laneNoOf,
        ({ dispatchId }) => dispatchId,
        ({ partNo }) => partNo,
        ({ seq }) => seq,
        ({ batchNo }) => batchNo,
        ({ first }) => first,
        ({ taken: size }) => size,
      ),
      ...toArrayLiterals(
        taken.flatMap(({ lists }) => lists),
        laneNoOf,
        ({ seq }) => seq,
        ({ rank }) => rank,
        ({ ids }) => ids,
        ({ batches }) => batches,
      ),
      ...toArrayLiterals(
        taken.flatMap(({ slices }) => slices),
        laneNoOf,
        ({ seq }) => seq,
        ({ first }) => first,
        ({ size }) => size,
      ),
    ],
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

/** A part of a dispatch. `size` of its candidate is what could be taken, `taken` what is. */
interface PartRow extends Candidate {
  readonly laneNo: number;
  readonly dispatchId: string;
  readonly partNo: number;
  readonly taken: number;
}

function toPartRows({ laneNo, selection, dispatchIds }: ReadClaim): PartRow[] {
  return selection.dispatches.flatMap((selections, i) =>
    selections.map(({ candidate, size }, partNo) => ({
      ...candidate,
      laneNo,
      dispatchId: dispatchIds[i] ?? '',
      partNo,
      taken: size,
    })),
  );
}

/** Returns what a claim takes from each list, and the slices of ids that are read. */
function toTakenRows({ laneNo, selection }: ReadClaim): {
  readonly lists: readonly TakenOfList[];
  readonly slices: readonly Slice[];
} {
  const lists = new Map<number, TakenOfList>();
  const newIds = new Map<number, Slice>();
  const slices: Slice[] = [];
  for (const { candidate, size } of selection.dispatches.flat()) {
    const { seq, rank, first, isRetry } = candidate;
    const list = lists.get(seq) ?? { laneNo, seq, rank, ids: 0, batches: 0 };
    lists.set(seq, list);
    const known = isRetry ? undefined : newIds.get(seq);
    if (known === undefined) {
      const slice = { laneNo, seq, first, size };
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
  return { lists: [...lists.values()], slices };
}
