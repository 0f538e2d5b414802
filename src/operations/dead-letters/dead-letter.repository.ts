import type { AttemptErrorKind } from '../../domain/dispatch.js';
import type { Priority } from '../../domain/priority.js';

/** An attempt that did not succeed. */
export interface FailedAttempt {
  readonly attemptedAtMs: number;
  readonly kind: AttemptErrorKind;
  readonly message: string;
}

/** An id that gave up: its last error, and every attempt that led there. */
export interface DeadLetter {
  /** Rises with time: the cursor of a page. */
  readonly deadLetterNo: number;
  readonly ingestionId: string;
  readonly batchNo: number;
  /** Position of the id in its ingestion, from 0. */
  readonly position: number;
  /** See `packIds`; one id. */
  readonly packedId: Uint8Array;
  readonly priority: Priority;
  readonly kind: AttemptErrorKind;
  readonly message: string;
  readonly failedAtMs: number;
  /** The oldest first, those before earlier redrives too. */
  readonly attempts: readonly FailedAttempt[];
}

export interface DeadLetterFilter {
  readonly ingestionId?: string;
  /** Of an id among those of its ingestion, from 0. */
  readonly position?: number;
  readonly kind?: AttemptErrorKind;
}

/** Dead letters by the kind of their last error; a kind without any is 0. */
export type DeadLetterCounts = Readonly<Record<AttemptErrorKind, number>>;

/** Ids that gave up. Every method throws `StoreUnavailableError` when the store cannot do it now. */
export abstract class DeadLetterRepository {
  /** The newest first: at most `limit` with a number below `before` (null: from the newest on). */
  abstract list(filter: DeadLetterFilter, before: number | null, limit: number): Promise<DeadLetter[]>;

  /** Counts the dead letters of each kind. Counting a kind stops at `maxPerKind`, so that the cost stays bounded. */
  abstract countByKind(maxPerKind: number): Promise<DeadLetterCounts>;

  /** The number of the newest dead letter, 0 where there never was one. */
  abstract latestNumber(): Promise<number>;

  /**
   * Puts at most `limit` of the dead letters that match and whose number is at most `upTo` back into the queue, due
   * at once at their ingestion's own priority, their attempts starting anew, in one transaction. Their batches and
   * ingestions are `triggered` again. Resolves with how many went: fewer than `limit` means that none is left.
   */
  abstract redrive(filter: DeadLetterFilter, upTo: number, limit: number): Promise<number>;
}
