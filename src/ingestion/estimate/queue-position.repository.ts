import type { Priority } from '../../domain/priority.js';

/** Retries beyond this many are not counted. */
export const MAX_RETRIES_AHEAD = 10_000;

/** What stands before a place in the queue of a lane, and how its gate stands. */
export interface QueuePosition {
  /** Ids that were never sent: those of higher priorities, and those accepted earlier of the same one. */
  readonly pendingAhead: number;
  /** Ids of these priorities that wait to be sent again, due or not; {@link MAX_RETRIES_AHEAD} at the most. */
  readonly retriesAhead: number;
  /** Wall time in ms; null while the gate is open. */
  readonly pausedAtMs: number | null;
  /** When the last dispatch was claimed, in ms before now. */
  readonly slotTakenMsAgo: number;
  /** How long no slot opens because the upstream asked for it. */
  readonly heldForMs: number;
}

/** Looks ahead in the queue. Its cost does not grow with what waits. Throws `StoreUnavailableError`. */
export abstract class QueuePositionRepository {
  /** The place of the ingestion `seq`; of null that of one that is accepted now. At once where it is at hand. */
  abstract positionOf(
    lane: string,
    priority: Priority,
    seq: number | null,
  ): QueuePosition | Promise<QueuePosition>;
}
