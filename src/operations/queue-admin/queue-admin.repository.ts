import type { Priority } from '../../domain/priority.js';

/** Retries beyond this many are not counted. */
export const MAX_RETRIES_COUNTED = 100_000;

/** The newest dispatches of a lane that are searched for one that was sent. */
export const MAX_DISPATCHES_SEARCHED = 1000;

/** What waits at the gate of a lane. */
export interface QueueStats {
  /** Wall time in ms; null while the gate is open. */
  readonly pausedAtMs: number | null;
  /** Ids that were never sent. */
  readonly pending: Readonly<Record<Priority, number>>;
  /** Ids that wait to be sent again, {@link MAX_RETRIES_COUNTED} at the most. */
  readonly pendingRetries: number;
  /** Those of them that are due, {@link MAX_RETRIES_COUNTED} at the most. */
  readonly dueRetries: number;
  /** Ids whose call runs. */
  readonly inFlight: number;
  /** When the last dispatch was claimed, in ms before now. */
  readonly slotTakenMsAgo: number;
  /** How long no slot opens because the upstream asked for it. */
  readonly heldForMs: number;
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

/** The queue of each lane as a whole, for all processes. Every method throws `StoreUnavailableError`. */
export abstract class QueueAdminRepository {
  /** Its cost does not grow with what waits. */
  abstract stats(lane: string): Promise<QueueStats>;

  /** How many of the lane's newest `most` dispatches began within the last `withinMs`. */
  abstract countDispatchesSince(lane: string, withinMs: number, most: number): Promise<number>;

  /** How long the first list of each priority has waited that has ids never sent; null where none has. */
  abstract oldestPendingAgeMs(lane: string): Promise<Readonly<Record<Priority, number | null>>>;

  /** Costs the same whatever waits. See `LaneProgress`; a dispatch in flight counts as sent when it is `graceMs` old. */
  abstract progress(lane: string, graceMs: number): Promise<LaneProgress>;

  /** From its return on nothing more is claimed, by anyone. A gate that is paused already stays so since then. */
  abstract pause(lane: string): Promise<void>;

  abstract resume(lane: string): Promise<void>;
}
