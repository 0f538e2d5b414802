import type { AuditEntry } from '../../domain/audit.js';
import type { AttemptErrorKind } from '../../domain/dispatch.js';
import { PRIORITIES, toRank, type Priority } from '../../domain/priority.js';
import type { LaneFacts } from '../../scheduler/lanes/held-by.js';
import type { PendingStreams, Selection } from '../../scheduler/queue/queue.repository.js';

/** Retries beyond this number are not counted. */
export const MAX_RETRIES_COUNTED = 100_000;

/** The number of newest dispatches of a lane that are searched for one that was sent, or that had an error. */
export const MAX_DISPATCHES_SEARCHED = 1000;

/** The state of a lane's queue. */
export interface QueueStats {
  /** Wall time in ms since when the lane is paused; null while it is not. */
  readonly pausedAtMs: number | null;
  /** Ids that were never sent, by priority. */
  readonly pending: Readonly<Record<Priority, number>>;
  /** Ids of lists that are scheduled for later; they are not pending. */
  readonly scheduled: number;
  /** Ids that are pending for a retry, at most {@link MAX_RETRIES_COUNTED}. */
  readonly pendingRetries: number;
  /** Pending retries that are due, at most {@link MAX_RETRIES_COUNTED}. */
  readonly dueRetries: number;
  /** Ids in flight. */
  readonly inFlight: number;
  /** The time since the last dispatch was claimed, in ms. */
  readonly slotTakenMsAgo: number;
  /** The time for which the upstream's Retry-After still applies, in ms. */
  readonly heldForMs: number;
}

/** Returns the facts that tell what holds a lane. */
export function toLaneFacts({ pending, pendingRetries, dueRetries, ...facts }: QueueStats): LaneFacts {
  return {
    ...facts,
    readyIds: pending.HIGH + pending.MEDIUM + pending.LOW + dueRetries,
    readyRank: toRank(PRIORITIES.find((priority) => pending[priority] > 0) ?? 'HIGH'),
    laterRetries: pendingRetries - dueRetries,
  };
}

/** The facts that tell whether a lane makes progress, for all processes. */
export interface LaneProgress {
  readonly isPaused: boolean;
  /** The upstream asked to be left alone (Retry-After). */
  readonly isHeld: boolean;
  /** Ids may be sent now: some were never sent, or a retry is due. */
  readonly hasDueIds: boolean;
  /**
   * The newest dispatch of the lane that was sent: it has ended, but was not released, or it is in flight for so long that it
   * will not be. Null where the last thousand dispatches hold none.
   */
  readonly lastSentNo: number | null;
  /** A younger dispatch is in flight. It may be running, or be released because its claim came too late. */
  readonly hasNewClaim: boolean;
}

/** The newest failed attempt of a lane. */
export interface LaneError {
  /** Wall time in ms. */
  readonly atMs: number;
  readonly kind: AttemptErrorKind;
  readonly message: string;
}

/** Describes the part of a lane's queue that is shown. */
export interface UpcomingRequest {
  readonly lane: string;
  /** The most ids that `choose` selects. */
  readonly maxIds: number;
  /** True if the clients of a priority take turns. */
  readonly isFairShare: boolean;
  /** Chooses the ids in their order. It may be called again, with more of the queue. */
  readonly choose: (pending: PendingStreams) => readonly Selection[];
}

/** Ids of one ingestion that are next to each other in the queue. */
export interface QueuedIds {
  readonly ingestionId: string;
  readonly priority: Priority;
  /** True if they were sent before. */
  readonly isRetry: boolean;
  readonly packedIds: Uint8Array;
}

/** The queue of each lane as a whole, for all processes. Every method throws `StoreUnavailableError`. */
export abstract class QueueAdminRepository {
  /** Reads the state of a lane. The cost does not grow with the number of pending ids. */
  abstract stats(lane: string): Promise<QueueStats>;

  /** Counts those of the lane's newest `limit` dispatches that started within the last `withinMs`. */
  abstract countDispatchesSince(lane: string, withinMs: number, limit: number): Promise<number>;

  /** Resolves with the age of the oldest ingestion that has ids never sent, by priority; null if there is none. */
  abstract oldestPendingAgeMs(lane: string): Promise<Readonly<Record<Priority, number | null>>>;

  /**
   * Resolves with an error of the lane's newest dispatch that had one; null if none of the newest
   * {@link MAX_DISPATCHES_SEARCHED} dispatches had one.
   */
  abstract lastError(lane: string): Promise<LaneError | null>;

  /**
   * Reads the progress of a lane; a dispatch in flight counts as sent from the age of `graceMs`. The cost
   * does not grow with the number of pending ids.
   */
  abstract progress(lane: string, graceMs: number): Promise<LaneProgress>;

  /** Lists the ids of a lane's queue that `choose` selects, in its order. */
  abstract upcoming(request: UpcomingRequest): Promise<QueuedIds[]>;

  /**
   * Returns the ids of at most `limit` ingestions that have ids to be sent: never sent, scheduled for later, or for a retry.
   */
  abstract unsentIngestions(lane: string, limit: number): Promise<readonly string[]>;

  /**
   * Pauses a lane. After it resolves, no replica claims anything. A lane that is already paused keeps its
   * time. Stores `audit` if the lane was not paused.
   */
  abstract pause(lane: string, audit?: AuditEntry): Promise<void>;

  /** Resumes a lane. Stores `audit` if the lane was paused. */
  abstract resume(lane: string, audit?: AuditEntry): Promise<void>;
}
