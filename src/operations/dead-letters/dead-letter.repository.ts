import type { AuditEntry } from '../../domain/audit.js';
import type { AttemptErrorKind } from '../../domain/dispatch.js';
import type { Labels } from '../../domain/labels.js';
import type { Priority } from '../../domain/priority.js';

/** An attempt of an id that failed. */
export interface FailedAttempt {
  readonly attemptedAtMs: number;
  readonly kind: AttemptErrorKind;
  readonly message: string;
}

/** The position of a dead letter among all, by time. */
export interface DeadLetterCursor {
  readonly failedAtMs: number;
  /** The number increases with each dead letter. */
  readonly deadLetterNo: number;
}

/** An id that failed for good, with its last error and all its attempts. */
export interface DeadLetter extends DeadLetterCursor {
  readonly ingestionId: string;
  readonly batchNo: number;
  /** Position of the id in its ingestion, from 0. */
  readonly position: number;
  /** One id, packed by `packIds`. */
  readonly packedId: Uint8Array;
  readonly priority: Priority;
  readonly lane: string;
  /** The client of the ingestion; null if authentication was disabled. */
  readonly client: string | null;
  /** The labels of the ingestion; null if it has none. */
  readonly labels: Labels | null;
  readonly kind: AttemptErrorKind;
  readonly message: string;
  /** The HTTP status of the last response; null if there was none, or if it reported success. */
  readonly upstreamStatus: number | null;
  /** All attempts, the oldest first, including those before earlier redrives. */
  readonly attempts: readonly FailedAttempt[];
}

/** Selects dead letters for a redrive within one request. */
export interface RedriveFilter {
  readonly ingestionId?: string;
  /** The position of the id in its ingestion, from 0. */
  readonly position?: number;
  readonly kind?: AttemptErrorKind;
  /** The lanes that take ids; others are left out. Absent means all lanes. */
  readonly lanes?: readonly string[];
}

/** Selects dead letters; without fields it selects all. */
export interface DeadLetterFilter {
  readonly ingestionId?: string;
  readonly kind?: AttemptErrorKind;
  readonly lane?: string;
  /** The whole message of the last error. */
  readonly message?: string;
  readonly upstreamStatus?: number;
  /** The client that owns the ingestions. */
  readonly client?: string;
  /** The ingestions have all of these labels. */
  readonly labels?: Labels;
  /** Wall time in ms, inclusive. */
  readonly failedFromMs?: number;
  /** Wall time in ms, exclusive. */
  readonly failedBeforeMs?: number;
  /** Only dead letters up to this number. */
  readonly upTo?: number;
}

/** One step of a search through the dead letters. */
export interface DeadLetterScan {
  /** The matching dead letters, the newest first. */
  readonly found: readonly DeadLetterCursor[];
  /** The position after which the next step starts; null after the last step. */
  readonly next: DeadLetterCursor | null;
}

/** Dead letters of one ingestion with the same error. */
export interface DeadLetterTally {
  readonly seq: number;
  readonly lane: string;
  readonly kind: AttemptErrorKind;
  readonly message: string;
  readonly upstreamStatus: number | null;
  readonly ids: number;
  /** Wall times in ms. */
  readonly firstFailedAtMs: number;
  readonly lastFailedAtMs: number;
}

/** One step of counting. */
export interface DeadLetterTallies {
  readonly tallies: readonly DeadLetterTally[];
  /** The position after which the next step starts; null after the last step. */
  readonly next: DeadLetterCursor | null;
}

/** The number of dead letters by the kind of their last error; 0 for a kind without any. */
export type DeadLetterCounts = Readonly<Record<AttemptErrorKind, number>>;

/** Stores ids that failed for good. Every method throws `StoreUnavailableError` if the store is unavailable. */
export abstract class DeadLetterRepository {
  /**
   * Searches from `before` on (null: from the newest), in the order of time. Reads at most `limit` entries of the index
   * that fits the filter best, so its cost does not grow with the number of other dead letters.
   */
  abstract scan(
    filter: DeadLetterFilter,
    before: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterScan>;

  /** Counts what one step of {@link scan} would find. */
  abstract tally(
    filter: DeadLetterFilter,
    before: DeadLetterCursor | null,
    limit: number,
  ): Promise<DeadLetterTallies>;

  /** Reads the dead letters with these numbers, in their order. Those that are gone are left out. */
  abstract read(numbers: readonly number[]): Promise<DeadLetter[]>;

  /** Counts the dead letters of each kind, up to `maxPerKind`, so that the cost is bounded. */
  abstract countByKind(maxPerKind: number): Promise<DeadLetterCounts>;

  /** Resolves with the number of the newest dead letter; 0 if there never was one. */
  abstract latestNumber(): Promise<number>;

  /**
   * Requeues at most `limit` of the matching dead letters whose number is at most `upTo`, in one transaction. Leaves out
   * those of ingestions that were cancelled, or whose time to expire has passed.
   * They are due at once with their ingestion's own priority, and their attempts start again. Their batches
   * and ingestions become `triggered` again. Resolves with the number of requeued ids; fewer than `limit`
   * means that none is left. Stores `audit` with the first step that requeues something.
   */
  abstract redrive(filter: RedriveFilter, upTo: number, limit: number, audit?: AuditEntry): Promise<number>;

  /**
   * Requeues the dead letters with these numbers, in these lanes, as {@link redrive} does. Leaves out those that are gone, too.
   * Resolves with the number of requeued ids.
   */
  abstract redriveNumbers(
    numbers: readonly number[],
    filter?: Pick<RedriveFilter, 'lanes'>,
    audit?: AuditEntry,
  ): Promise<number>;

  /**
   * Discards the dead letters with these numbers, in one transaction: the ids stay failed in their ingestions, but are no
   * dead letters any more. Leaves out those that are gone. Resolves with the number of discarded ids.
   */
  abstract discardNumbers(numbers: readonly number[], audit?: AuditEntry): Promise<number>;
}
