import type { AuditEntry } from '../../domain/audit.js';
import type { AttemptErrorKind } from '../../domain/dispatch.js';
import type { Priority } from '../../domain/priority.js';

/** An attempt of an id that failed. */
export interface FailedAttempt {
  readonly attemptedAtMs: number;
  readonly kind: AttemptErrorKind;
  readonly message: string;
}

/** An id that failed for good, with its last error and all its attempts. */
export interface DeadLetter {
  /** The number increases with time; it is the cursor of a page. */
  readonly deadLetterNo: number;
  readonly ingestionId: string;
  readonly batchNo: number;
  /** Position of the id in its ingestion, from 0. */
  readonly position: number;
  /** One id, packed by `packIds`. */
  readonly packedId: Uint8Array;
  readonly priority: Priority;
  readonly kind: AttemptErrorKind;
  readonly message: string;
  readonly failedAtMs: number;
  /** All attempts, the oldest first, including those before earlier redrives. */
  readonly attempts: readonly FailedAttempt[];
}

export interface DeadLetterFilter {
  readonly ingestionId?: string;
  /** The position of the id in its ingestion, from 0. */
  readonly position?: number;
  readonly kind?: AttemptErrorKind;
}

/** The number of dead letters by the kind of their last error; 0 for a kind without any. */
export type DeadLetterCounts = Readonly<Record<AttemptErrorKind, number>>;

/** Stores ids that failed for good. Every method throws `StoreUnavailableError` if the store is unavailable. */
export abstract class DeadLetterRepository {
  /** Lists at most `limit` dead letters with a number below `before` (null: no bound), the newest first. */
  abstract list(filter: DeadLetterFilter, before: number | null, limit: number): Promise<DeadLetter[]>;

  /** Counts the dead letters of each kind, up to `maxPerKind`, so that the cost is bounded. */
  abstract countByKind(maxPerKind: number): Promise<DeadLetterCounts>;

  /** Resolves with the number of the newest dead letter; 0 if there never was one. */
  abstract latestNumber(): Promise<number>;

  /**
   * Requeues at most `limit` of the matching dead letters whose number is at most `upTo`, in one transaction.
   * They are due at once with their ingestion's own priority, and their attempts start again. Their batches
   * and ingestions become `triggered` again. Resolves with the number of requeued ids; fewer than `limit`
   * means that none is left. Stores `audit` with the first step that requeues something.
   */
  abstract redrive(
    filter: DeadLetterFilter,
    upTo: number,
    limit: number,
    audit?: AuditEntry,
  ): Promise<number>;
}
