import type { Dispatch } from '../../domain/dispatch.js';

/** The result of a claim in one lane. */
export type ClaimResult =
  /** Ids were claimed. The call of each dispatch may begin once `PriorityQueue.awaitStart` says so. */
  | { readonly kind: 'claimed'; readonly dispatches: readonly Dispatch[] }
  /**
   * The slot opens in `opensInMs`; this does not say if ids are pending. `rule` is the rule that keeps it closed. The next
   * claim may begin `maxEarlyMs` before that, together with those of other lanes; 0 if it is not given.
   */
  | {
      readonly kind: 'slot_closed';
      readonly opensInMs: number;
      readonly rule?: string;
      readonly maxEarlyMs?: number;
    }
  /** The upstream asked to wait, see `QueueRepository.holdLane`. */
  | { readonly kind: 'held'; readonly opensInMs: number }
  /**
   * The ids that are due are too few for a dispatch, see `FillTerms`. It goes although it is short in `fullInMs`; the next
   * claim is worthwhile in `opensInMs`, perhaps earlier because a retry falls due.
   */
  | { readonly kind: 'filling'; readonly opensInMs: number; readonly fullInMs: number }
  /** The settings of the lane in the store are not those of this claim: read them, and claim again. */
  | { readonly kind: 'outdated'; readonly settingsVersion: number }
  /** The lane is paused for all processes. */
  | { readonly kind: 'paused' }
  /** No id is due; the next retry becomes due in `dueInMs`, null if there is none. */
  | { readonly kind: 'nothing_due'; readonly dueInMs: number | null };

/** Announces the result of a claim in a lane. */
export interface ClaimEvent {
  readonly lane: string;
  readonly result: ClaimResult;
}

/** Announces that a claimed dispatch got no slot and is released: its claim or its call was too late. */
export interface LateRelease {
  readonly lane: string;
  readonly reason: 'late_commit' | 'late_call';
}
