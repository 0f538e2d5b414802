import type { Observable } from 'rxjs';
import type { ClaimedDispatch, Dispatch, Outcome } from '../../domain/dispatch.js';

/** The terms on which the next dispatch is claimed. */
export interface ClaimOptions {
  /** Only what waits in this lane is claimed, and only its slot is taken. */
  readonly lane: string;
  readonly batchSize: number;
  /** Time between the starts of two dispatches; 0 turns the limit off. */
  readonly delayMs: number;
  readonly leaseMs: number;
  /** See `SelectionOptions.agingMs`. */
  readonly agingMs: number | null;
  /** Whether the clients of a priority take turns; else, and without it, its ids go in the order of acceptance. */
  readonly fairShare?: boolean;
}

export type ClaimResult =
  | { readonly kind: 'dispatch'; readonly dispatch: Dispatch }
  /** Ids were claimed, but the claim was committed too late for its slot and for those after it. They have been given back. */
  | { readonly kind: 'released'; readonly dispatchId: string }
  /** Whether or not ids wait: the slot opens in `opensInMs`. */
  | { readonly kind: 'slot_closed'; readonly opensInMs: number }
  /** The upstream asked to be left alone, see {@link QueueRepository.holdLane}. */
  | { readonly kind: 'held'; readonly opensInMs: number }
  /** The gate is paused, for everyone. */
  | { readonly kind: 'paused' }
  /** Nothing may be sent now; the next retry falls due in `dueInMs`, null where none waits. */
  | { readonly kind: 'nothing_due'; readonly dueInMs: number | null };

/**
 * The store as the queue. Times are the store's own: one clock for slots, leases and retries.
 * Every method throws `StoreUnavailableError` when the store cannot do it now; nothing has changed then.
 */
export abstract class QueueRepository {
  /** Emits when ids may have come to wait in another process. A hint, never a promise. */
  abstract readonly arrivals: Observable<void>;

  /**
   * In one durable transaction: checks the slot and moves it, takes the ids that go next, records their batches.
   * It resolves after the commit, so that the call may begin at once. A claim that finds nothing takes no slot.
   */
  abstract claim(terms: ClaimOptions): Promise<ClaimResult>;

  /**
   * Asked right before a call leaves that had something to do first: where others took the slots meanwhile, it resolves
   * in a later slot. False when others were always faster: nothing may be sent, and the dispatch is to be released.
   */
  abstract awaitSendSlot(dispatch: ClaimedDispatch): Promise<boolean>;

  /** The call of this dispatch has left only now, later than it was claimed: the next one keeps its distance from here. */
  abstract recordSent(dispatch: ClaimedDispatch): void;

  /**
   * No slot of this lane opens for so long, for any process and over restarts. A hold never ends earlier than another one
   * asks for.
   */
  abstract holdLane(lane: string, forMs: number): Promise<void>;

  /**
   * Records an outcome for each id of the dispatch, in its order. False, and nothing recorded, when the dispatch is
   * no longer held: its lease ran out and its ids were taken over, or the store never knew this dispatch, or has lost it
   * with the tail of its history.
   */
  abstract settle(dispatch: ClaimedDispatch, outcomes: readonly Outcome[]): Promise<boolean>;

  /** Gives the ids of a dispatch back, due at once, with no attempt counted. False as in {@link settle}. */
  abstract release(dispatch: ClaimedDispatch): Promise<boolean>;

  /** Prolongs the leases of those dispatches that are still held. */
  abstract renewLeases(dispatches: readonly ClaimedDispatch[], leaseMs: number): Promise<void>;

  /** Takes over every dispatch whose lease ran out: its ids are due at once. Resolves with their dispatch ids. */
  abstract reclaimExpired(): Promise<string[]>;
}
