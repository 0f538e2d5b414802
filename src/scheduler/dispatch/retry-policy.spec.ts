import { describe, expect, it } from '@jest/globals';
import type { IdResult } from './match-results.js';
import { RetryPolicy } from './retry-policy.js';
import { SeededRuntime } from '../../../test/support/seeded-runtime.js';

const OPTIONS = { maxAttempts: 5, baseMs: 1000, maxMs: 6000, honorsRetryAfter: true, storesResults: true };
const ERROR = { kind: 'upstream', message: 'busy' } as const;
const PASSING: IdResult = { ok: false, permanent: false, error: ERROR };
const JUST_UNDER_1 = 1 - 2 ** -53;

function decide(result: IdResult, failures: number, random = 0.5, options = OPTIONS): unknown {
  return new RetryPolicy(options, { random: () => random }).decide(result, failures);
}

describe('The retry policy', () => {
  it('leaves what succeeded alone, however often it failed before', () => {
    expect(decide({ ok: true, dataJson: '5' }, 0)).toEqual({ kind: 'completed', dataJson: '5' });
    expect(decide({ ok: true, dataJson: '5' }, 99)).toEqual({ kind: 'completed', dataJson: '5' });
  });

  it('lets the outcome alone go where results are not kept', () => {
    const options = { ...OPTIONS, storesResults: false };
    expect(decide({ ok: true, dataJson: '5' }, 0, 0.5, options)).toEqual({
      kind: 'completed',
      dataJson: null,
    });
  });

  it('postpones what the upstream asks to send later, whatever it failed before', () => {
    const later: IdResult = { ok: false, permanent: true, error: ERROR, retryAfterMs: 5000 };
    expect(decide(later, 99)).toEqual({ kind: 'postponed' });
  });

  it('postpones what was refused with a 429, whatever it failed before', () => {
    const refused: IdResult = { ok: false, permanent: false, error: ERROR, isRateLimited: true };
    expect(decide(refused, 99)).toEqual({ kind: 'postponed' });
    expect(decide(refused, 0, 0.5, { ...OPTIONS, honorsRetryAfter: false })).toMatchObject({ kind: 'retry' });
  });

  it('postpones what was not sent, whatever it failed before, and says why', () => {
    const unsent: IdResult = { ok: false, permanent: false, error: ERROR, isUnsent: true };
    expect(decide(unsent, 99)).toEqual({ kind: 'postponed', cause: ERROR });
  });

  it('tells of a retry whether the upstream may have processed the id', () => {
    const retry = { kind: 'retry', error: ERROR, delayMs: 500 };
    expect(decide({ ...PASSING, isOutcomeUnknown: true }, 0)).toStrictEqual({
      ...retry,
      isOutcomeUnknown: true,
    });
    expect(decide(PASSING, 0)).toStrictEqual(retry);
  });

  it('counts it as any other failure where that is not heeded', () => {
    const later: IdResult = { ok: false, permanent: false, error: ERROR, retryAfterMs: 5000 };
    const options = { ...OPTIONS, honorsRetryAfter: false };
    expect(decide(later, 0, 0.5, options)).toMatchObject({ kind: 'retry' });
  });

  it.each([
    [0, 1000],
    [1, 2000],
    [2, 4000],
    [3, 6000],
  ])('after %i failures waits anything from 0 to %i ms', (failures, ceilingMs) => {
    expect(decide(PASSING, failures, 0)).toEqual({ kind: 'retry', error: ERROR, delayMs: 0 });
    expect(decide(PASSING, failures, 0.5)).toEqual({ kind: 'retry', error: ERROR, delayMs: ceilingMs / 2 });
    expect(decide(PASSING, failures, JUST_UNDER_1)).toMatchObject({ delayMs: expect.closeTo(ceilingMs, 6) });
  });

  it('draws anew for each decision', () => {
    const draws = [0.1, 0.9];
    const policy = new RetryPolicy(OPTIONS, { random: () => draws.shift() ?? 0 });

    expect([policy.decide(PASSING, 0), policy.decide(PASSING, 0)]).toMatchObject([
      { delayMs: 100 },
      { delayMs: 900 },
    ]);
  });

  it('spreads the delays evenly up to the ceiling, and repeats them with the same seed', () => {
    const delays = (seed: number): number[] => {
      const policy = new RetryPolicy(OPTIONS, new SeededRuntime(seed));
      return Array.from({ length: 1000 }, () => (policy.decide(PASSING, 0) as { delayMs: number }).delayMs);
    };
    const quarters = [0, 1, 2, 3].map(
      (quarter) =>
        delays(7).filter((delayMs) => Math.floor(delayMs / (OPTIONS.baseMs / 4)) === quarter).length,
    );

    expect(Math.min(...quarters)).toBeGreaterThan(200);
    expect(delays(7)).toEqual(delays(7));
    expect(delays(7)).not.toEqual(delays(8));
  });

  it('gives up with the last attempt, and not before it', () => {
    expect(decide(PASSING, 3)).toMatchObject({ kind: 'retry' });
    expect(decide(PASSING, 4)).toEqual({ kind: 'failed', error: ERROR });
    expect(decide(PASSING, 5)).toEqual({ kind: 'failed', error: ERROR });
  });

  it('counts no attempt where the upstream refused a token that is renewed by now', () => {
    expect(decide({ ...PASSING, isRefused: true }, 4)).toEqual({ kind: 'postponed', cause: ERROR });
  });

  it('with one attempt never tries again', () => {
    expect(decide(PASSING, 0, 0.5, { ...OPTIONS, maxAttempts: 1 })).toEqual({ kind: 'failed', error: ERROR });
  });

  it('does not try again what is refused for good', () => {
    expect(decide({ ...PASSING, permanent: true }, 0)).toEqual({ kind: 'failed', error: ERROR });
  });

  it('stays below the cap however often an id has failed', () => {
    expect(decide(PASSING, 5000, 0.5, { ...OPTIONS, maxAttempts: 10_000 })).toMatchObject({ delayMs: 3000 });
  });
});
