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
});
