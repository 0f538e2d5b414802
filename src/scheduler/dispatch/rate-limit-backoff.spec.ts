import { describe, expect, it } from '@jest/globals';
import { RateLimitBackoff } from './rate-limit-backoff.js';

const BASE_MS = 2000;
const MAX_MS = 10_000;

/** A backoff whose jitter is the longest, and its clock. */
function newBackoff(options = { baseMs: BASE_MS, maxMs: MAX_MS }, random = 1) {
  const clock = { nowMs: 0 };
  return {
    clock,
    backoff: new RateLimitBackoff(options, { random: () => random, monotonicMs: () => clock.nowMs }),
  };
}

/** The holds after a number of refusals, each of a call that began after the one before. */
function holdsOf(refusals: number, { clock, backoff } = newBackoff()): number[] {
  return Array.from({ length: refusals }, () => {
    const startedMs = clock.nowMs + 1;
    clock.nowMs += 2;
    return backoff.refused(startedMs);
  });
}

describe('The backoff of a lane after a 429 that names no time', () => {
  it('doubles with each refusal in a row, up to its maximum', () => {
    expect(holdsOf(5)).toEqual([2000, 4000, 8000, MAX_MS, MAX_MS]);
    expect(holdsOf(2000).at(-1)).toBe(MAX_MS);
  });

  it('waits half of that at least', () => {
    expect(holdsOf(2, newBackoff(undefined, 0))).toEqual([1000, 2000]);
  });

  it('waits also where retries do not, because nothing would end the refusals', () => {
    expect(holdsOf(3, newBackoff({ baseMs: 0, maxMs: 0 }))).toEqual([1000, 1000, 1000]);
  });

  it('starts anew after a success', () => {
    const made = newBackoff();
    holdsOf(3, made);
    made.backoff.succeeded(made.clock.nowMs + 1);
    expect(holdsOf(1, made)).toEqual([2000]);
  });

  it('counts calls that were in flight at the same time once', () => {
    const { clock, backoff } = newBackoff();
    const holds = [1, 2, 3].map((startedMs) => {
      clock.nowMs = 10 + startedMs;
      return backoff.refused(startedMs);
    });
    expect(holds).toEqual([2000, 2000, 2000]);
    expect(backoff.refused(20)).toBe(4000);
  });

  it('does not start anew after a success of a call that began before the refusal', () => {
    const { clock, backoff } = newBackoff();
    clock.nowMs = 10;
    backoff.refused(1);
    backoff.succeeded(2);
    expect(backoff.refused(11)).toBe(4000);
  });
});
