import type { Priority } from '../../domain/priority.js';
import type { AttemptError } from '../../domain/dispatch.js';
import type { OutcomeCounts } from '../../domain/outcome-counts.js';

/**
 * The end of a dispatch: settled with an outcome for each id, lapsed, or released back to the queue as a
 * whole.
 */
export type DispatchEnding = 'settled' | 'lapsed' | 'released';

/** The error of one id in a dispatch. */
export interface IdError extends AttemptError {
  /** The index of the id in its part, from 0. */
  readonly index: number;
}

/** Ids of one batch in a dispatch. */
export interface DispatchedBatch {
  readonly ingestionId: string;
  readonly batchNo: number;
  readonly priority: Priority;
  /** Number of ids in this dispatch. */
  readonly size: number;
  /** Failed attempts of these ids before this dispatch. */
  readonly failures: number;
  /** Number of these ids that did not succeed in this dispatch. */
  readonly unsuccessful: number;
  /** The ids, or the first ones if fewer were requested. */
  readonly packedIds: Uint8Array;
  /** The errors of the ids in `packedIds`. */
  readonly errors: readonly IdError[];
}

/** One upstream request, in flight or finished. */
export interface DispatchRecord {
  /** The number increases with time; it is the cursor of a page. */
  readonly dispatchNo: number;
  readonly dispatchId: string;
  readonly lane: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** The end of the dispatch; null while it is in flight. */
  readonly ending: DispatchEnding | null;
  /** The outcomes of the ids; all 0 unless the dispatch is settled. */
  readonly counts: OutcomeCounts;
  /** The parts, without those of deleted ingestions. */
  readonly parts: readonly DispatchedBatch[];
}

export interface DispatchFilter {
  readonly ingestionId?: string;
  readonly lane?: string;
}

/** Reads dispatches, in flight or finished. Every method throws `StoreUnavailableError` if the store is unavailable. */
export abstract class DispatchRepository {
  /**
   * Lists at most `limit` dispatches with a number below `before` (null: no bound), the newest first, with
   * all their ids of all clients. The cost grows with the limit and the size of dispatches.
   */
  abstract list(filter: DispatchFilter, before: number | null, limit: number): Promise<DispatchRecord[]>;

  /** Lists the newest `limit` dispatches of a lane, the newest first, with at most `idsPerPart` ids per part. */
  abstract recent(lane: string, limit: number, idsPerPart: number): Promise<DispatchRecord[]>;
}
