import type { Observable } from 'rxjs';
import type { ClaimedDispatch, Dispatch, Outcome } from '../../domain/dispatch.js';

/** The settings for the claim of the next dispatch. */
export interface ClaimOptions {
  /** The lane whose pending ids are claimed and whose slot is used. */
  readonly lane: string;
  readonly batchSize: number;
  /** Minimum time between the starts of two dispatches; 0 turns the limit off. */
  readonly delayMs: number;
  readonly leaseMs: number;
  /** See `SelectionOptions.agingMs`. */
  readonly agingMs: number | null;
  /** If true, the clients of a priority take turns; otherwise ids are claimed in the order of acceptance. */
  readonly fairShare?: boolean;
}

export type ClaimResult =
  | { readonly kind: 'dispatch'; readonly dispatch: Dispatch }
  /** Ids were claimed, but the commit was too late for its slot and the next ones. The ids have been released. */
  | { readonly kind: 'released'; readonly dispatchId: string }
  /** The slot opens in `opensInMs`; this does not say if ids are pending. */
  | { readonly kind: 'slot_closed'; readonly opensInMs: number }
  /** The lane is held because of `Retry-After`, see {@link QueueRepository.holdLane}. */
  | { readonly kind: 'held'; readonly opensInMs: number }
  /** The lane is paused for all processes. */
  | { readonly kind: 'paused' }
  /** No id is due; the next retry becomes due in `dueInMs`, null if there is none. */
  | { readonly kind: 'nothing_due'; readonly dueInMs: number | null };

/**
 * The store as the queue. Slots, leases and retries use the store's clock. Every method throws `StoreUnavailableError` if
 * the store is unavailable; then nothing has changed.
 */
export abstract class QueueRepository {
  /** Emits when another process may have accepted ids. It is a hint: it may come early, or not at all. */
  abstract readonly arrivals: Observable<void>;

  /**
   * Claims a dispatch in one durable transaction: checks and moves the slot, takes the next ids, records their batches. It
   * resolves after the commit, so that the call may begin at once. A claim that finds no id uses no slot.
   */
  abstract claim(terms: ClaimOptions): Promise<ClaimResult>;

  /**
   * Waits for the send slot of a call that is ready after its claim. If other dispatches used the slots in between, it
   * resolves in a later slot. Resolves with false if it got no slot: then nothing may be sent, and the caller must release
   * the dispatch.
   */
  abstract awaitSendSlot(dispatch: ClaimedDispatch): Promise<boolean>;

  /** Records that the call of this dispatch was sent now, after its claim: the next slot is measured from here. */
  abstract recordSent(dispatch: ClaimedDispatch): void;

  /**
   * Opens no slot of this lane for `forMs`, for all processes and across restarts. A shorter hold never ends a longer one
   * early.
   */
  abstract holdLane(lane: string, forMs: number): Promise<void>;

  /**
   * Records an outcome for each id of the dispatch, in its order. Resolves with false and records nothing if the dispatch
   * is no longer held: its lease expired and its ids were reclaimed, or the store does not know it (a failover can lose the
   * newest commits).
   */
  abstract settle(dispatch: ClaimedDispatch, outcomes: readonly Outcome[]): Promise<boolean>;

  /** Releases the ids of a dispatch, due at once, with no attempt counted. False as in {@link settle}. */
  abstract release(dispatch: ClaimedDispatch): Promise<boolean>;

  /** Renews the leases of the dispatches that are still held. */
  abstract renewLeases(dispatches: readonly ClaimedDispatch[], leaseMs: number): Promise<void>;

  /** Reclaims every dispatch with an expired lease: its ids are due at once. Resolves with the dispatch ids. */
  abstract reclaimExpired(): Promise<string[]>;
}
