import type { AttemptError, Outcome } from './dispatch.js';

/** The change of one id at the end of its dispatch. */
export interface Transition {
  /** `queued`: the id returns to the queue. `dropped`: it would return, but its ingestion was cancelled. */
  readonly to: 'completed' | 'failed' | 'queued' | 'dropped';
  /** Number of failed attempts that this dispatch adds to those of the id. */
  readonly addedFailures: 0 | 1;
  /** Time in ms until a queued id is due. */
  readonly delayMs: number;
  /** The error to record for this attempt; null if there is none. */
  readonly error: AttemptError | null;
  /**
   * The key under which a queued id is sent next. `new`: a key of its own dispatch. `same`: the key of this call. `kept`:
   * the key that it had kept before this call, which says nothing about the earlier one; a new one if there is none.
   */
  readonly key: 'new' | 'same' | 'kept';
}

const COMPLETED: Transition = { to: 'completed', addedFailures: 0, delayMs: 0, error: null, key: 'new' };
/** The id was not processed, so nothing is recorded. */
const POSTPONED: Transition = { to: 'queued', addedFailures: 0, delayMs: 0, error: null, key: 'kept' };

/** The error of an id whose dispatch was released or reclaimed: it may have been sent. */
export const LAPSED: AttemptError = {
  kind: 'lapsed',
  message: 'the gate stopped before the outcome was recorded',
};

/** The change of an id whose dispatch was released or reclaimed: no attempt is counted. */
export const RELEASED: Transition = {
  to: 'queued',
  addedFailures: 0,
  delayMs: 0,
  error: LAPSED,
  key: 'same',
};

/** The change of an id whose dispatch was released and certainly not sent. */
export const RELEASED_UNSENT: Transition = { ...RELEASED, key: 'kept' };

/** Returns the change of an id with this outcome, if its ingestion was not cancelled. */
export function toTransition(outcome: Outcome): Transition {
  switch (outcome.kind) {
    case 'completed':
      return COMPLETED;
    case 'postponed':
      return POSTPONED;
    case 'retry':
      return {
        to: 'queued',
        addedFailures: 1,
        delayMs: outcome.delayMs,
        error: outcome.error,
        key: outcome.isOutcomeUnknown === true ? 'same' : 'new',
      };
    case 'failed':
      return { to: 'failed', addedFailures: 1, delayMs: 0, error: outcome.error, key: 'new' };
  }
}

/** Drops an id of a cancelled ingestion instead of queueing it. */
export function ofCancelled(transition: Transition): Transition {
  return transition.to === 'queued' ? { ...transition, to: 'dropped' } : transition;
}

/** The sums of several transitions. */
export interface TransitionTotals {
  readonly completed: number;
  readonly failed: number;
  readonly dropped: number;
  /** The message of the first id that failed; null if none did. */
  readonly error: string | null;
}

export function countTransitions(transitions: readonly Transition[]): TransitionTotals {
  let completed = 0;
  let failed = 0;
  let dropped = 0;
  let error: string | null = null;
  for (const transition of transitions) {
    if (transition.to === 'completed') {
      completed += 1;
    } else if (transition.to === 'failed') {
      failed += 1;
      error ??= transition.error?.message ?? null;
    } else if (transition.to === 'dropped') {
      dropped += 1;
    }
  }
  return { completed, failed, dropped, error };
}
