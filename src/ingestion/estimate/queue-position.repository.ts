import type { Priority } from '../../domain/priority.js';

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
 * Reads positions in the queue. Its cost does not grow with the number of pending ids. Throws `StoreUnavailableError`.
 */
export abstract class QueuePositionRepository {
  /**
   * Returns the position of the ingestion `seq`; for null, the position of an ingestion accepted now. Returns it
   * without a promise if it is in memory.
   */
  abstract positionOf(
    lane: string,
    priority: Priority,
    seq: number | null,
  ): QueuePosition | Promise<QueuePosition>;
}
