import { describe, expect, it } from '@jest/globals';
import type { Outcome } from './dispatch.js';
import {
  countTransitions,
  ofCancelled,
  RELEASED,
  RELEASED_UNSENT,
  toTransition,
} from './outcome-transition.js';

const error = { kind: 'upstream', message: 'busy' } as const;
const COMPLETED: Outcome = { kind: 'completed', dataJson: '1' };
const RETRY: Outcome = { kind: 'retry', error, delayMs: 250 };
const FAILED: Outcome = { kind: 'failed', error: { kind: 'rejected', message: 'no such id' } };
const POSTPONED: Outcome = { kind: 'postponed', cause: error };

describe('The outcome of an id', () => {
  it('counts a failed attempt where the id is tried again later, and where it fails for good', () => {
    expect(toTransition(RETRY)).toEqual({ to: 'queued', addedFailures: 1, delayMs: 250, error, key: 'new' });
    expect(toTransition(FAILED)).toMatchObject({ to: 'failed', addedFailures: 1 });
  });

  it('records nothing where the id was not sent, and makes it due at once', () => {
    expect(toTransition(POSTPONED)).toEqual({
      to: 'queued',
      addedFailures: 0,
      delayMs: 0,
      error: null,
      key: 'kept',
    });
  });

  it('is sent again under the same key where the outcome of its call is unknown, and then alone', () => {
    expect(toTransition({ ...RETRY, isOutcomeUnknown: true }).key).toBe('same');
    expect(RELEASED.key).toBe('same');
    expect(RELEASED_UNSENT.key).toBe('kept');
    expect([toTransition(RETRY), toTransition(FAILED)].map(({ key }) => key)).toEqual(['new', 'new']);
  });

  it('keeps the failed attempts of an id that is released, and says why it is sent again', () => {
    expect(RELEASED).toMatchObject({ to: 'queued', addedFailures: 0, delayMs: 0, error: { kind: 'lapsed' } });
  });

  it('drops an id of a cancelled ingestion only where it would be queued', () => {
    const ends = [COMPLETED, RETRY, FAILED, POSTPONED].map(
      (outcome) => ofCancelled(toTransition(outcome)).to,
    );

    expect(ends).toEqual(['completed', 'dropped', 'failed', 'dropped']);
  });

  it('is counted by its end, with the error of the first id that failed', () => {
    const last: Outcome = { kind: 'failed', error };
    const transitions = [COMPLETED, RETRY, FAILED, last].map((outcome) => toTransition(outcome));

    expect(countTransitions(transitions)).toEqual({
      completed: 1,
      failed: 2,
      dropped: 0,
      error: 'no such id',
    });
    expect(countTransitions([ofCancelled(RELEASED), RELEASED])).toMatchObject({ dropped: 1, error: null });
  });
});
