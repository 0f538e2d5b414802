import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { SlotSchedule } from './slot-schedule.js';

const DELAY_MS = 5000;
const SHARED = { isShared: true, restartMarginMs: 0 };
const EXCLUSIVE = { isShared: false, restartMarginMs: 50 };

describe('The slot of a store that several processes share', () => {
  let clock: ManualClock;
  let schedule: SlotSchedule;

  beforeEach(() => {
    clock = new ManualClock();
    schedule = new SlotSchedule(clock, SHARED);
  });

  function claimsTook(ms: number, times = 50): void {
    for (let i = 0; i < times; i++) {
      schedule.recordClaimLatency(ms);
      schedule.recordCommitLatency(ms / 2);
    }
  }

  it('is claimed ahead by what claims take, however far the server is', () => {
    claimsTook(400);
    schedule.recordStart(1, DELAY_MS);

    expect(schedule.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS - 400, -1);
  });

  it('is claimed as soon as the last call has left where claims take longer than the delay', () => {
    claimsTook(400);
    schedule.recordStart(1, 100);
    clock.advance(1);

    expect(schedule.claimInMs(100)).toBeLessThanOrEqual(0);
  });

  it('is not claimed much earlier after one claim that took long', () => {
    claimsTook(4);
    schedule.recordClaimLatency(4000);
    schedule.recordStart(1, DELAY_MS);

    expect(schedule.claimInMs(DELAY_MS)).toBeGreaterThan(DELAY_MS - 50);
  });

  it('is reserved for the time that a commit takes, after one that took long', () => {
    schedule.recordCommitLatency(300);

    expect(schedule.reserve(DELAY_MS).sendWithinMs).toBeGreaterThan(300);
  });

  it('is reserved for as much time as is asked for, within the time that a statement may take', () => {
    expect(schedule.reserve(DELAY_MS, 2000).sendWithinMs).toBeGreaterThan(2000);
    expect(schedule.reserve(DELAY_MS, 60_000).sendWithinMs).toBeLessThan(7000);
  });

  it('is closed until the delay has passed since a call of another process that has not begun yet', () => {
    claimsTook(400);
    schedule.observe({ epoch: 1, lastSendInMs: 3000, slotDelayMs: 100 });

    expect(schedule.opensInMs(100)).toBe(3100);
    expect(schedule.claimInMs(100)).toBeGreaterThan(0);
    expect(schedule.claimInMs(100)).toBeLessThanOrEqual(100);
  });

  it('is claimed later by a process that did not take the last one', () => {
    claimsTook(4);
    schedule.recordStart(1, DELAY_MS);
    clock.advance(1000);
    const ownMs = schedule.claimInMs(DELAY_MS);
    schedule.observe({ epoch: 2, lastSendInMs: -1000, slotDelayMs: DELAY_MS });

    expect(schedule.claimInMs(DELAY_MS)).toBeGreaterThan(ownMs + 10);
  });

  it('keeps the delay with which it was taken, until it is taken with another', () => {
    schedule.observe({ epoch: 1, lastSendInMs: 0, slotDelayMs: DELAY_MS });
    expect(schedule.opensInMs(100)).toBe(DELAY_MS);
    expect(schedule.opensInMs(0)).toBe(DELAY_MS);
    expect(schedule.opensInMs(2 * DELAY_MS)).toBe(2 * DELAY_MS);
    clock.advance(DELAY_MS);
    schedule.recordStart(2, 100);

    expect(schedule.opensInMs(100)).toBeLessThanOrEqual(101);
  });

  it('is counted from when its call was sent', () => {
    schedule.recordStart(2, DELAY_MS);
    clock.advance(30);
    schedule.recordSent(2);

    expect(schedule.opensInMs(DELAY_MS)).toBeGreaterThan(DELAY_MS);
  });

  it('is not opened earlier by a late call of the epoch before', () => {
    schedule.recordStart(1, DELAY_MS);
    schedule.observe({ epoch: 2, lastSendInMs: 3000, slotDelayMs: DELAY_MS });
    clock.advance(10);
    schedule.recordSent(1);

    expect(schedule.opensInMs(DELAY_MS)).toBe(DELAY_MS + 2990);
  });

  it('keeps the delay of the one before where a call was not sent', () => {
    schedule.observe({ epoch: 1, lastSendInMs: 0, slotDelayMs: DELAY_MS });
    schedule.recordStart(2, 100);
    schedule.revertStart(2);

    expect(schedule.opensInMs(100)).toBe(DELAY_MS);
  });

  it('counts a call as sent a tenth of a millisecond after its permission', () => {
    schedule.recordStart(1, DELAY_MS);
    expect(schedule.opensInMs(DELAY_MS)).toBeCloseTo(DELAY_MS + 0.1, 6);
    schedule.recordSent(1, clock.monotonicMs() + 7);
    expect(schedule.opensInMs(DELAY_MS)).toBeCloseTo(DELAY_MS + 7.1, 6);
  });

  it('is counted from its opening where it was taken ahead', () => {
    schedule.recordStart(1, DELAY_MS, clock.monotonicMs() + 40);
    expect(schedule.opensInMs(DELAY_MS)).toBeCloseTo(DELAY_MS + 40.1, 6);
  });

  it.each([
    [10, 0.5],
    [50, 2.5],
    [1000, 5],
    [DELAY_MS, 5],
  ])('with a delay of %i ms is reserved with a tolerance of %f ms', (delayMs, toleranceMs) => {
    schedule.recordStart(1, delayMs);
    expect(schedule.reserve(delayMs)).toEqual({
      sendWithinMs: expect.closeTo(delayMs + 0.1 + toleranceMs, 6),
      delayMs,
    });
  });

  it('leaves a commit its expected time and a millisecond, also where the slot is open already', () => {
    expect(schedule.reserve(0).sendWithinMs).toBe(2 + 4 * 1 + 1);
    expect(schedule.reserve(0, 3).sendWithinMs).toBe(7);
    expect(schedule.reserve(0, 9).sendWithinMs).toBe(10);
    expect(schedule.reserve(0, 60_000).sendWithinMs).toBe(6001);
  });

  it.each([
    [0, DELAY_MS, 20],
    [1, DELAY_MS, 60],
    [0, 100, 10],
  ])(
    'with a chance of %i and a delay of %i ms is claimed %i ms later by the others',
    (chance, delayMs, laterMs) => {
      clock.random = () => chance;
      const own = new SlotSchedule(clock, SHARED);
      const other = new SlotSchedule(clock, SHARED);
      own.recordStart(1, delayMs, clock.monotonicMs() - 0.1);
      other.observe({ epoch: 1, lastSendInMs: 0.1, slotDelayMs: delayMs });
      clock.advance(delayMs / 2);

      expect(other.claimInMs(delayMs) - own.claimInMs(delayMs)).toBeCloseTo(laterMs, 6);
    },
  );

  it('is only ever known more closely by reading the same epoch again', () => {
    const read = (epoch: number, lastSendInMs: number): number => {
      schedule.observe({ epoch, lastSendInMs, slotDelayMs: DELAY_MS });
      return schedule.opensInMs(DELAY_MS) - DELAY_MS;
    };
    expect([read(1, 0), read(1, 30), read(1, -20), read(2, 30)]).toEqual([0, 0, -20, 30]);
  });

  it('is known better by its holder than by the gate, until another process takes the next one', () => {
    schedule.recordStart(1, DELAY_MS);
    schedule.observe({ epoch: 1, lastSendInMs: -300, slotDelayMs: 9 });
    expect(schedule.opensInMs(0)).toBeCloseTo(DELAY_MS + 0.1, 6);
    schedule.observe({ epoch: 2, lastSendInMs: -300, slotDelayMs: 400 });
    expect(schedule.opensInMs(0)).toBe(100);
    schedule.observe({ epoch: 1, lastSendInMs: 50, slotDelayMs: 400 });
    expect(schedule.opensInMs(0)).toBe(450);
  });

  it('is moved by a late call of an epoch before, if that is sent after it', () => {
    schedule.observe({ epoch: 2, lastSendInMs: 0, slotDelayMs: DELAY_MS });
    schedule.recordSent(1, clock.monotonicMs() - 50);
    expect(schedule.opensInMs(DELAY_MS)).toBe(DELAY_MS);
    schedule.recordSent(1, clock.monotonicMs() + 50);
    expect(schedule.opensInMs(DELAY_MS)).toBeCloseTo(DELAY_MS + 50.1, 6);
  });

  it('is given back as it was before, also where it was taken twice in one epoch', () => {
    schedule.observe({ epoch: 1, lastSendInMs: 0, slotDelayMs: 300 });
    schedule.recordStart(2, DELAY_MS);
    schedule.recordStart(2, DELAY_MS);
    schedule.revertStart(1);
    expect(schedule.opensInMs(0)).toBeCloseTo(DELAY_MS + 0.1, 6);
    schedule.revertStart(2);
    expect(schedule.opensInMs(0)).toBe(300);
    schedule.recordStart(3, 100);
    schedule.revertStart(2);
    expect(schedule.opensInMs(0)).toBeCloseTo(100.1, 6);
  });

  it('is read from the gate again once it was given back', () => {
    schedule.observe({ epoch: 1, lastSendInMs: 0, slotDelayMs: 300 });
    schedule.recordStart(2, DELAY_MS);
    schedule.revertStart(2);
    schedule.observe({ epoch: 2, lastSendInMs: -50, slotDelayMs: 400 });
    expect(schedule.opensInMs(0)).toBe(350);
  });

  it('goes by the new delay from the last call on, once a change of the delay is known', () => {
    schedule.observe({ epoch: 1, lastSendInMs: 0, slotDelayMs: DELAY_MS });
    schedule.recordStart(2, DELAY_MS);
    schedule.forgetDelay();
    expect(schedule.opensInMs(100)).toBeCloseTo(100.1, 6);
    schedule.revertStart(2);
    expect(schedule.opensInMs(100)).toBe(100);
  });

  it('is always open where there is no delay', () => {
    schedule.recordStart(1, 0, clock.monotonicMs() + 1000);
    expect(schedule.opensInMs(0)).toBe(0);
  });

  it('is claimed earlier by what a call takes to be ready', () => {
    schedule.recordStart(1, DELAY_MS);
    const beforeMs = schedule.claimInMs(DELAY_MS);
    for (let i = 0; i < 200; i++) {
      schedule.recordSendLatency(2);
    }
    expect(schedule.sendLeadMs(DELAY_MS)).toBeCloseTo(2, 3);
    expect(beforeMs - schedule.claimInMs(DELAY_MS)).toBeCloseTo(2, 3);
  });

  it('is claimed ahead by the first guess, and by a millisecond at least', () => {
    schedule.recordStart(1, DELAY_MS);
    expect(schedule.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS + 0.1 - 4, 6);
    claimsTook(0, 500);
    expect(schedule.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS + 0.1 - 1, 3);
  });

  it('is claimed ahead by a claim that took long, within twice the longest expected one and 20 ms', () => {
    schedule.recordClaimLatency(4000); // counts as 32 ms: the guess is 2 ms, and 6 ms at most
    schedule.recordStart(1, DELAY_MS);
    const meanMs = 2 + (32 - 2) / 8;
    const deviationMs = 1 + (30 - 1) / 4;
    expect(schedule.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS + 0.1 - meanMs - 2 * deviationMs, 6);
  });

  it('is claimed by up to a quarter of the delay ahead near the store, and by up to the whole far from it', () => {
    schedule.recordStart(1, 40);
    claimsTook(18, 500);
    expect(schedule.claimInMs(40)).toBeCloseTo(40.1 - 10, 3);
    claimsTook(400, 500);
    expect(schedule.claimInMs(40)).toBeCloseTo(0.1, 3);
  });
});

describe('The slot of a store of one process', () => {
  let clock: ManualClock;
  let schedule: SlotSchedule;

  beforeEach(() => {
    clock = new ManualClock();
    schedule = new SlotSchedule(clock, EXCLUSIVE);
  });

  it('is open before the gate is read, and closed by what the gate remembers of the last process', () => {
    expect(schedule.claimInMs(DELAY_MS)).toBeLessThanOrEqual(0);
    schedule.observe({ epoch: 0, lastSendInMs: -1000, slotDelayMs: DELAY_MS });

    expect(schedule.claimInMs(DELAY_MS)).toBe(DELAY_MS - 1000);
  });

  it('is claimed ahead by what claims take, by a quarter of the delay at most', () => {
    for (let i = 0; i < 100; i++) {
      schedule.recordClaimLatency(4);
    }
    schedule.recordStart(1, DELAY_MS);

    expect(schedule.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS - 4, 0);
    expect(schedule.claimInMs(8)).toBeCloseTo(DELAY_MS - 2, 0);
  });

  it('is reserved for the moment at which it opens', () => {
    schedule.recordStart(1, DELAY_MS);
    clock.advance(DELAY_MS - 3);
    expect(schedule.reserve(DELAY_MS)).toEqual({ sendWithinMs: 3, delayMs: DELAY_MS });
    clock.advance(10);

    expect(schedule.reserve(DELAY_MS)).toEqual({ sendWithinMs: 0, delayMs: DELAY_MS });
  });

  it('has nothing to tell apart processes by: none claims later', () => {
    schedule.observe({ epoch: 3, lastSendInMs: 0, slotDelayMs: DELAY_MS });

    expect(schedule.claimInMs(DELAY_MS)).toBe(DELAY_MS);
  });

  it('is counted from the very moment at which its call may be sent', () => {
    schedule.recordStart(1, DELAY_MS);

    expect(schedule.opensInMs(DELAY_MS)).toBe(DELAY_MS);
  });

  it('is claimed ahead by no more than 20 ms, however long claims take', () => {
    for (let i = 0; i < 100; i++) {
      schedule.recordClaimLatency(400);
    }
    schedule.recordStart(1, DELAY_MS);

    expect(schedule.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS - 20, 6);
  });
});
