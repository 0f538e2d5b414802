import type { AuditEntry } from '../domain/audit.js';
import type {
  Acceptance,
  IngestionRecord,
  IngestionKey,
  IngestionPage,
  NewIngestion,
  IngestionCursor,
} from '../domain/ingestion.js';
import type { Priority } from '../domain/priority.js';

/** Maximum number of retries that are counted. */
export const MAX_RETRIES_AHEAD = 10_000;

/** The ids ahead of a position in a lane's queue, and the state of the lane. */
export interface QueuePosition {
  /** Ids that were never sent: those of higher priorities, and those of the same priority accepted earlier. */
  readonly pendingAhead: number;
  /** Ids of these priorities that are pending for a retry, due or not; at most {@link MAX_RETRIES_AHEAD}. */
  readonly retriesAhead: number;
  /** Wall time in ms; null if the lane is not paused. */
  readonly pausedAtMs: number | null;
  /** Milliseconds since the last dispatch was claimed. */
  readonly slotTakenMsAgo: number;
  /** Milliseconds for which no slot opens because the upstream sent Retry-After. */
  readonly heldForMs: number;
}

/**
 * The result of one step. `more`: run the step again. `done`: this was the last step, or nothing was left to do.
 * `over`: every id has its outcome or was dropped, so nothing can change. `unknown`: there is no such ingestion.
 */
export type StepResult = 'done' | 'more' | 'over' | 'unknown';

/** Selects the ingestions of a client and with a label; null selects all. A label has the form `name=value`. */
export interface IngestionIndexFilter {
  readonly client: string | null;
  readonly label: string | null;
}

/** Stores ingestions. Every method throws `StoreUnavailableError` if the store cannot do it now. */
export abstract class IngestionRepository {
  /**
   * Accepts a group in its order, in one durable commit. After it resolves, the whole group survives any crash; after
   * it rejects, nothing was stored. The results are in the order of the group.
   */
  abstract acceptAll(group: readonly NewIngestion[]): Promise<Acceptance[]>;

  /**
   * Returns null if the id is unknown or malformed. Its cost does not grow with the ingestion. Returns the record
   * without a promise if it is in memory.
   */
  abstract findById(ingestionId: string): IngestionRecord | null | Promise<IngestionRecord | null>;

  /** Returns all known ingestions of these ids, in any order. */
  abstract findMany(ingestionIds: readonly string[]): Promise<IngestionRecord[]>;

  /**
   * Returns at most `limit` ingestions, the newest first, that precede the cursor and were not accepted before that
   * wall time. Its cost does not grow with the number of other ingestions.
   */
  abstract findPreceding(
    place: IngestionCursor,
    earliestMs: number,
    limit: number,
    filter: IngestionIndexFilter,
  ): Promise<IngestionRecord[]>;

  /** Counts the ingestions with each of these labels, up to `limit` of each, in the order of the labels. */
  abstract countLabelled(labels: readonly string[], limit: number): Promise<readonly number[]>;

  /** Returns a number that all ingestions accepted later exceed, with their `listedSeq`, and none of the present ones. */
  abstract latestNumber(): Promise<number>;

  /** Does the same as {@link findById} and adds up to `limit` batches from number `from` on. */
  abstract findWithBatches(ingestionId: string, from: number, limit: number): Promise<IngestionPage | null>;

  /**
   * Returns `size` packed ids from position `first` on; they never change. Returns null if the ingestion was removed or
   * its id does not match its number.
   */
  abstract readIds(ingestion: IngestionKey, first: number, size: number): Promise<Uint8Array | null>;

  /**
   * Returns the position of the ingestion `seq` in the queue; for null, the position of an ingestion accepted now. Its
   * cost does not grow with the number of pending ids. Returns it without a promise if it is in memory.
   */
  abstract positionOf(
    lane: string,
    priority: Priority,
    seq: number | null,
  ): QueuePosition | Promise<QueuePosition>;

  /**
   * Drops the ids that were never sent and the pending retries, in one durable transaction that moves at most `limit`
   * retries; it may be repeated at any time. From the first step on, an id in flight that fails is not retried: it counts
   * as dropped too. Stores `audit` with the first step that changes something.
   */
  abstract cancelStep(ingestionId: string, limit: number, audit?: AuditEntry): Promise<StepResult>;

  /**
   * Moves the ids that were never sent and the pending retries to their position in another priority, in steps as
   * {@link cancelStep}.
   */
  abstract reprioritizeStep(
    ingestionId: string,
    priority: Priority,
    limit: number,
    audit?: AuditEntry,
  ): Promise<StepResult>;
}
