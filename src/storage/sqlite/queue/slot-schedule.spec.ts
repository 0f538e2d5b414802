import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SlotSchedule } from './slot-schedule.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';

const DELAY_MS = 100;
const CLAIM_MS = 4;
const APPROACH_MS = 3;

/** Creates a schedule with the given claim latency; its time is that of the fake timers. */
function newSlot(): { slot: SlotSchedule; written: number[] } {
  const written: number[] = [];
  const database = {
    prepare: () => ({
      get: () => ({ slot_taken_time: -1_000_000 }),
      run: (beganMs: number) => written.push(beganMs),
    }),
  } as unknown as SqliteDatabase;
  const time = { nowMs: () => performance.now(), persist: () => undefined } as unknown as StoreClock;
  const slotSchedule = new SlotSchedule(database, time, 0);
  for (let i = 0; i < 100; i++) {
    slotSchedule.recordClaimLatency(CLAIM_MS);
  }
  return { slot: slotSchedule, written };
}

function begin(slotSchedule: SlotSchedule, dispatchNo: number): Promise<void> {
  slotSchedule.reserve(DELAY_MS);
  slotSchedule.start(dispatchNo, DELAY_MS);
  return slotSchedule.waitForStart(DELAY_MS);
}

/** Records the time at which the promise resolves. */
function momentOf(promise: Promise<void>): { atMs: number | null } {
  const moment: { atMs: number | null } = { atMs: null };
  void promise.then(() => {
    moment.atMs = performance.now();
  });
  return moment;
}

describe('The slot of the embedded store', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('is claimed ahead by what claims take, and its call let go when it opens', async () => {
    const { slot, written } = newSlot();
    await begin(slot, 1);
    const startMs = performance.now();
    expect(slot.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS - CLAIM_MS, 0);

    await jest.advanceTimersByTimeAsync(DELAY_MS - CLAIM_MS);
    const letGo = momentOf(begin(slot, 2));
    expect(written).toEqual([startMs, startMs + DELAY_MS]);
    expect(slot.claimInMs(DELAY_MS)).toBeCloseTo(DELAY_MS, 0); // the second slot is taken
    await jest.advanceTimersByTimeAsync(CLAIM_MS - 1);
    expect(letGo.atMs).toBeNull();
    await jest.advanceTimersByTimeAsync(2);
    expect(letGo.atMs).not.toBeNull();
  });

  it('moves where the call before leaves late, so that the distance is kept', async () => {
    const { slot } = newSlot();
    await begin(slot, 1);
    await slot.awaitSendSlot(1);
    await jest.advanceTimersByTimeAsync(DELAY_MS - CLAIM_MS);
    void begin(slot, 2);
    await jest.advanceTimersByTimeAsync(1);
    slot.recordSent(1);
    const leftMs = performance.now();

    const second = momentOf(slot.awaitSendSlot(2));
    await jest.advanceTimersByTimeAsync(DELAY_MS - 1);
    expect(second.atMs).toBeNull();
    await jest.advanceTimersByTimeAsync(2);
    expect((second.atMs ?? 0) - leftMs).toBeGreaterThanOrEqual(DELAY_MS);
  });

  it('lets a call go so much earlier that it asks when the slot opens, and leaves no sooner', async () => {
    const { slot } = newSlot();
    let lastLeftMs = 0;
    for (let dispatchNo = 1; dispatchNo <= 100; dispatchNo++) {
      await jest.advanceTimersByTimeAsync(Math.max(0, slot.claimInMs(DELAY_MS)));
      void begin(slot, dispatchNo).then(() => {
        setTimeout(() => {
          void slot.awaitSendSlot(dispatchNo).then(() => {
            slot.recordSent(dispatchNo);
            lastLeftMs = performance.now();
          });
        }, APPROACH_MS);
      });
      await jest.advanceTimersByTimeAsync(DELAY_MS / 2);
    }
    await jest.advanceTimersByTimeAsync(slot.claimInMs(DELAY_MS));
    const letGo = momentOf(begin(slot, 101));
    await jest.advanceTimersByTimeAsync(CLAIM_MS + 1);
    const aheadMs = DELAY_MS - ((letGo.atMs ?? 0) - lastLeftMs);
    expect(Math.abs(aheadMs - APPROACH_MS)).toBeLessThanOrEqual(1); // fake timers count whole milliseconds

    const left = momentOf(slot.awaitSendSlot(101));
    await jest.advanceTimersByTimeAsync(APPROACH_MS);
    expect((left.atMs ?? 0) - lastLeftMs).toBeGreaterThanOrEqual(DELAY_MS);
  });

  it('of one that comes too late for its own goes to the next', async () => {
    const { slot } = newSlot();
    await begin(slot, 1);
    await jest.advanceTimersByTimeAsync(DELAY_MS);
    await begin(slot, 2);
    slot.recordSent(2);
    const leftMs = performance.now();

    const first = momentOf(slot.awaitSendSlot(1));
    await jest.advanceTimersByTimeAsync(DELAY_MS - 1);
    expect(first.atMs).toBeNull();
    await jest.advanceTimersByTimeAsync(2);
    expect((first.atMs ?? 0) - leftMs).toBeGreaterThanOrEqual(DELAY_MS);
  });
});
