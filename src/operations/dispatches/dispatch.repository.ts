import type { Priority } from '../../domain/priority.js';
import type { AttemptError } from '../../domain/dispatch.js';
import type { OutcomeCounts } from '../../domain/outcome-counts.js';

/** How a dispatch ended: with an outcome for each id, or given back to the queue whole. */
export type DispatchEnding = 'settled' | 'lapsed' | 'released';

/** Why one id of a part did not succeed in its dispatch. */
export interface IdError extends AttemptError {
  /** Which id of the part, from 0. */
  readonly index: number;
}

/** A run of ids of one batch, as a dispatch carried it. */
export interface DispatchedBatch {
  readonly ingestionId: string;
  readonly batchNo: number;
  readonly priority: Priority;
  /** Failed attempts of these ids before this dispatch. */
  readonly failures: number;
  readonly packedIds: Uint8Array;
  readonly errors: readonly IdError[];
}

/** One call to the upstream, under way or over. */
export interface DispatchRecord {
  /** Rises with time: the cursor of a page. */
  readonly dispatchNo: number;
  readonly dispatchId: string;
  readonly lane: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Null while its call runs. */
  readonly ending: DispatchEnding | null;
  /** All 0 unless it was settled. */
  readonly counts: OutcomeCounts;
  /** Those of ingestions that have been forgotten are left out. */
  readonly parts: readonly DispatchedBatch[];
}

export interface DispatchFilter {
  readonly ingestionId?: string;
  readonly lane?: string;
}

/** What was dispatched. Every method throws `StoreUnavailableError` when the store cannot do it now. */
export abstract class DispatchRepository {
  /**
   * The newest first: at most `limit` with a number below `before` (null: from the newest on), with all that they
   * carried, whoever's it was. Its cost follows the limit and the size of dispatches.
   */
  abstract list(filter: DispatchFilter, before: number | null, limit: number): Promise<DispatchRecord[]>;
}
