import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { CallCeiling } from '../queue/queue.repository.js';
import { LaneHold, type CallLimits } from './lane-hold.js';

const MAX_MS = 60_000;
const FINE = { holdMs: 0, isRateLimited: false, isFailure: false };
const DISPATCH = { lane: 'crm', dispatchNo: 1, dispatchId: 'd1' };

/** A hold of a lane whose store takes what the test lets it take. */
function newHold(retryAfterMaxMs = MAX_MS, callsPerDispatch = 1) {
  const clock = { nowMs: 1000 };
  const holds: number[] = [];
  const refusals: number[] = [];
  const ceilings: CallCeiling[] = [];
  const lines: string[] = [];
  const store = { answer: (): Promise<void> => Promise.resolve() };
  const logger = new Logger('Dispatch');
  for (const level of ['log', 'warn', 'error'] as const) {
    jest.spyOn(logger, level).mockImplementation((line: unknown) => {
      lines.push(`${level} ${(line as { msg: string }).msg}`);
    });
  }
  const hold = new LaneHold(
    { name: 'crm', retryAfterMaxMs, retryBaseMs: 2000, retryMaxMs: 30_000, callsPerDispatch },
    {
      holdLane: (_, forMs) => {
        holds.push(forMs);
        return store.answer();
      },
      limitCalls: (_, ceiling) => {
        ceilings.push(ceiling);
        return store.answer();
      },
    },
    { random: () => 1, monotonicMs: () => clock.nowMs },
    logger,
    (forMs) => {
      refusals.push(forMs);
    },
  );
  return {
    clock,
    holds,
    refusals,
    ceilings,
    lines,
    store,
    hold,
    follow: (): CallLimits => hold.follow(DISPATCH),
  };
}

const limit = (resetInMs: number, remaining = 0) => ({ remaining, resetInMs, header: 'RateLimit' });

describe('The hold of a lane', () => {
  it('begins as soon as a response says that nothing remains, and says which header asks', async () => {
    const { follow, holds, lines } = newHold();
    const call = follow();
    call.onLimit(limit(5000));
    expect(holds).toEqual([5000]);
    await call.ended(FINE);

    expect(holds).toEqual([5000]);
    expect(lines).toEqual([
      'log dispatch d1: the upstream asks to wait 5 s (RateLimit); nothing is sent for 5 s',
    ]);
  });

  it('brings what remains into the store, and again where it says something else or half of it is gone', async () => {
    const { follow, ceilings } = newHold();
    const remainders: number[] = [];
    for (let remaining = 15; remaining > 0; remaining--) {
      const call = follow();
      call.onLimit(limit(5000, remaining));
      call.over();
      await call.ended(FINE);
      remainders.splice(0, Infinity, ...ceilings.map((ceiling) => ceiling.remaining));
    }
    expect(remainders).toEqual([15, 7, 3, 1]);
    const other = follow();
    other.onLimit(limit(9000, 10)); // after the reset
    await other.ended(FINE);

    expect(ceilings.at(-1)).toEqual({ remaining: 10, forMs: 9000, isPerId: false });
  });

  it('brings what remains into the store once more where that has failed', async () => {
    const { follow, ceilings, lines, store } = newHold();
    store.answer = () => Promise.reject(new Error('the store is away'));
    const call = follow();
    call.onLimit(limit(5000, 10));
    await call.ended(FINE);
    expect(lines).toEqual([expect.stringContaining('a limit of the upstream is not stored')]);
    const next = follow();
    next.onLimit(limit(5000, 9));
    await next.ended(FINE);

    expect(ceilings).toHaveLength(2);
  });

  it('refuses calls that have not left from when the upstream asks to wait, not where those that remain have all left', async () => {
    const { follow, holds, refusals } = newHold();
    const call = follow();
    call.onLimit(limit(5000, 1));
    await follow().ended(FINE);
    expect([holds, refusals]).toEqual([[5000], []]);
    call.onLimit(limit(10 * MAX_MS));
    await call.ended({ holdMs: 0, isRateLimited: true, isFailure: false });

    expect(refusals).toEqual([MAX_MS]);
  });

  it('does not begin where calls remain, or where it would be over', async () => {
    const { follow, holds } = newHold();
    const call = follow();
    call.onLimit(limit(5000, 1));
    call.onLimit(limit(0));
    call.over();
    await call.ended(FINE);

    expect(holds).toEqual([]);
  });

  it('is no longer than it may be', async () => {
    const { follow, holds } = newHold();
    const call = follow();
    call.onLimit(limit(10 * MAX_MS));
    await call.ended(FINE);

    expect(holds).toEqual([MAX_MS]);
  });

  it('does not begin where nothing may hold the lane', async () => {
    const { follow, holds } = newHold(0);
    const call = follow();
    call.onLimit(limit(5000));
    await call.ended({ holdMs: 5000, isRateLimited: true, isFailure: true });
    await follow().ended({ holdMs: 0, isRateLimited: true, isFailure: true });

    expect(holds).toEqual([]);
  });

  it('is not asked for again by a response that says less, whichever comes first', async () => {
    const { follow, holds, clock } = newHold();
    const [first, second, third] = [follow(), follow(), follow()];
    first.onLimit(limit(5000));
    await first.ended(FINE);
    clock.nowMs += 1000;
    second.onLimit(limit(4000));
    await second.ended(FINE);
    third.onLimit(limit(4001));
    await third.ended(FINE);

    expect(holds).toEqual([5000, 4001]);
  });

  it('is stored once for all that ask while the store is busy, for the longest time', async () => {
    const { follow, holds, store } = newHold();
    const { promise: stored, resolve } = Promise.withResolvers<undefined>();
    store.answer = () => stored;
    const call = follow();
    [1000, 9000, 3000, 8000].forEach((ms) => {
      call.onLimit(limit(ms));
    });
    expect(holds).toEqual([1000]);
    const ended = call.ended(FINE);
    resolve(undefined);
    await ended;

    expect(holds).toEqual([1000, 9000]);
  });

  it('is not stored later than its call ends, so that its ids do not return before it', async () => {
    const { follow, store } = newHold();
    const { promise: stored, resolve } = Promise.withResolvers<undefined>();
    store.answer = () => stored;
    const call = follow();
    call.onLimit(limit(5000));
    let isOver = false;
    const ended = call.ended(FINE).then(() => {
      isOver = true;
    });
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    resolve(undefined);
    await ended;
  });

  it('is asked for again after the store has failed', async () => {
    const { follow, holds, lines, store } = newHold();
    store.answer = () => Promise.reject(new Error('away'));
    const call = follow();
    call.onLimit(limit(5000));
    await call.ended(FINE);
    store.answer = () => Promise.resolve(undefined);
    const next = follow();
    next.onLimit(limit(4000));
    await next.ended(FINE);

    expect(holds).toEqual([5000, 4000]);
    expect(lines[0]).toBe(
      'error dispatch d1: the upstream asks to wait 5 s (RateLimit), which the store does not keep: Error: away',
    );
  });

  it('is not longer because its call ends later', async () => {
    const { follow, holds, clock } = newHold();
    const call = follow();
    call.onLimit(limit(5000));
    clock.nowMs += 3000;
    await call.ended({ holdMs: 5000, isRateLimited: true, isFailure: false });

    expect(holds).toEqual([5000]);
  });

  it('follows the backoff after a 429 without a time, and starts anew after a success', async () => {
    const { follow, holds, clock, lines } = newHold();
    const refuse = async (): Promise<void> => {
      clock.nowMs += 60_000;
      await follow().ended({ holdMs: 0, isRateLimited: true, isFailure: false });
    };
    await refuse();
    await refuse();
    clock.nowMs += 60_000;
    await follow().ended({ ...FINE, isFailure: true });
    await refuse();
    clock.nowMs += 60_000;
    await follow().ended(FINE);
    await refuse();

    expect(holds).toEqual([2000, 4000, 8000, 2000]);
    expect(lines[0]).toBe(
      'warn dispatch d1: the upstream answered 429 and named no time to wait; nothing is sent for 2 s',
    );
  });

  it('begins as soon as as many calls have left as remained, and ends with the reset', async () => {
    const { follow, holds, clock, hold, lines } = newHold();
    const first = follow();
    first.onLimit(limit(5000, 2));
    first.over();
    await first.ended(FINE);
    expect([hold.dispatchesLeft, hold.acceptsInMs]).toEqual([2, null]);
    follow();
    clock.nowMs += 1000;
    expect(holds).toEqual([]);
    const last = follow();
    await last.ended(FINE);

    expect(holds).toEqual([4000]);
    expect([hold.dispatchesLeft, hold.acceptsInMs]).toEqual([0, 4000]);
    expect(lines).toEqual([
      'log dispatch d1: the upstream accepts no more calls until its limit resets (RateLimit); nothing is sent for 4 s',
    ]);
    clock.nowMs += 4000;
    expect([hold.dispatchesLeft, hold.acceptsInMs]).toEqual([Number.POSITIVE_INFINITY, null]);
  });

  it('begins where fewer calls remain than a dispatch makes, and lets none go beyond them', async () => {
    const { follow, holds, hold } = newHold(MAX_MS, 3);
    const call = follow();
    call.onLimit(limit(5000, 5)); // two of the three calls may not have arrived yet
    await call.ended(FINE);
    expect([hold.dispatchesLeft, holds]).toEqual([1, []]);
    await follow().ended(FINE);
    expect([hold.dispatchesLeft, holds]).toEqual([0, [5000]]);
  });

  it('does not begin by what remains where nothing may hold the lane, nor lasts longer than it may', async () => {
    const free = newHold(0);
    const call = free.follow();
    call.onLimit(limit(5000, 1));
    await free.follow().ended(FINE);
    expect([free.hold.dispatchesLeft, free.holds]).toEqual([Number.POSITIVE_INFINITY, []]);
    const bounded = newHold();
    bounded.follow().onLimit(limit(10 * MAX_MS, 1));
    await bounded.follow().ended(FINE);
    expect(bounded.holds).toEqual([MAX_MS]);
  });
});
