import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import { SlotSchedule, type GateRow } from './slot-schedule.js';

const DELAY_MS = 5000;

describe('The slot on PostgreSQL', () => {
  let clock: ManualClock;
  let slotSchedule: SlotSchedule;

  beforeEach(() => {
    clock = new ManualClock();
    slotSchedule = new SlotSchedule(clock);
  });

  function gateRow(row: Partial<GateRow>): GateRow {
    return {
      turn: 1,
      version: '(0,1)',
      slot_taken_time: 0,
      slot_delay_ms: DELAY_MS,
      slot_batch_size: 3,
      now: 0,
      paused_at: null,
      held_until_time: 0,
      ...row,
    };
  }

  function claimsTook(ms: number, times = 50): void {
    for (let i = 0; i < times; i++) {
      slotSchedule.recordClaimLatency(ms);
      slotSchedule.commitTook(ms / 2);
    }
  }

  it('is claimed ahead by what claims take, however far the server is', () => {
    claimsTook(400);
    slotSchedule.recordStart(1, DELAY_MS);

    expect(slotSchedule.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS - 400, -1);
  });

  it('is claimed as soon as the last call has left where claims take longer than the delay', () => {
    claimsTook(400);
    slotSchedule.recordStart(1, 100);
    clock.advance(1);

    expect(slotSchedule.claimInMs(100)).toBeLessThanOrEqual(0);
  });

  it('is not claimed much earlier after one claim that took long', () => {
    claimsTook(4);
    slotSchedule.recordClaimLatency(4000);
    slotSchedule.recordStart(1, DELAY_MS);

    expect(slotSchedule.claimInMs(DELAY_MS)).toBeGreaterThan(DELAY_MS - 50);
  });

  it('gives a call the time that the statement before it takes, after one that took long', () => {
    slotSchedule.commitTook(300);

    expect(slotSchedule.startDeadlineInMs(DELAY_MS)).toBeGreaterThan(300);
  });

  it('gives a call as much time as is asked for, within the time that a statement may take', () => {
    expect(slotSchedule.startDeadlineInMs(DELAY_MS, 2000)).toBeGreaterThan(2000);
    expect(slotSchedule.startDeadlineInMs(DELAY_MS, 60_000)).toBeLessThan(7000);
  });

  it('is closed until the delay has passed since a call of another process that has not begun yet', () => {
    claimsTook(400);
    slotSchedule.observe(gateRow({ slot_taken_time: 3000, slot_delay_ms: 100 }));

    expect(slotSchedule.opensInMs(100)).toBe(3100);
    expect(slotSchedule.claimInMs(100)).toBeGreaterThan(0);
    expect(slotSchedule.claimInMs(100)).toBeLessThanOrEqual(100);
  });

  it('keeps the delay with which it was taken, until it is taken with another', () => {
    slotSchedule.observe(gateRow({ slot_taken_time: 0, slot_delay_ms: DELAY_MS }));
    expect(slotSchedule.opensInMs(100)).toBe(DELAY_MS);
    expect(slotSchedule.opensInMs(0)).toBe(DELAY_MS);
    expect(slotSchedule.opensInMs(2 * DELAY_MS)).toBe(2 * DELAY_MS);
    clock.advance(DELAY_MS);
    slotSchedule.recordStart(2, 100);

    expect(slotSchedule.opensInMs(100)).toBeLessThanOrEqual(101);
  });

  it('is counted from when its call left', () => {
    slotSchedule.recordStart(2, DELAY_MS);
    clock.advance(30);
    slotSchedule.leaves(2);

    expect(slotSchedule.opensInMs(DELAY_MS)).toBeGreaterThan(DELAY_MS);
  });

  it('is not opened earlier by a late call of the turn before', () => {
    slotSchedule.recordStart(1, DELAY_MS);
    slotSchedule.observe(gateRow({ turn: 2, slot_taken_time: 3000 }));
    clock.advance(10);
    slotSchedule.leaves(1);

    expect(slotSchedule.opensInMs(DELAY_MS)).toBe(DELAY_MS + 2990);
  });

  it('keeps the delay of the one before where a call did not begin', () => {
    slotSchedule.observe(gateRow({ slot_taken_time: 0, slot_delay_ms: DELAY_MS }));
    slotSchedule.recordStart(2, 100);
    slotSchedule.revertStart(2);

    expect(slotSchedule.opensInMs(100)).toBe(DELAY_MS);
  });
});
