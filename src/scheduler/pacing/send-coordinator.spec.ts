import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { SendCoordinator, type SlotStore } from './send-coordinator.js';
import { SlotSchedule, type SlotReading, type SlotReservation, type SlotSharing } from './slot-schedule.js';

/** So long that the tolerance of a send, a share of it, is longer than the steps of the time. */
const nowMs = (): number => new SystemRuntime().monotonicMs();
const DELAY_MS = 1000;
const CLAIM_MS = 4;
const APPROACH_MS = 3;
const COMMIT_MS = 2;
const FINE_MS = 50;
/** Time counts in whole milliseconds. */
const SLACK_MS = 5;
const SHARED: SlotSharing = { isShared: true, restartMarginMs: 0 };
const EXCLUSIVE: SlotSharing = { isShared: false, restartMarginMs: 50 };

/** The gate's row, in memory. Its time is that of the fake timers. */
class MemoryGate implements SlotStore {
  epoch = 0;
  lastSendMs = Number.NEGATIVE_INFINITY;
  slotDelayMs = 0;
  readonly published: number[] = [];
  isFailing = false;

  async readGate(): Promise<SlotReading> {
    const { epoch, lastSendMs, slotDelayMs } = this;
    return { epoch, lastSendInMs: lastSendMs - nowMs(), slotDelayMs };
  }

  async takeSlot(_lane: string, epoch: number, slot: SlotReservation): Promise<number | null> {
    if (this.isFailing) {
      throw new Error('the store fails');
    }
    return epoch === this.epoch ? this.take(slot) : null;
  }

  publishLateSend(): boolean {
    if (this.isFailing) {
      return false;
    }
    this.lastSendMs = nowMs();
    this.published.push(this.lastSendMs);
    return true;
  }

  take({ sendWithinMs, delayMs }: SlotReservation): number {
    this.lastSendMs = nowMs() + sendWithinMs;
    this.slotDelayMs = delayMs;
    this.epoch += 1;
    return this.epoch;
  }
}

/** Advances the time, the end of it millisecond by millisecond: timers wait the last part turn by turn of the event loop. */
async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(Math.max(0, ms - FINE_MS));
  for (let passedMs = Math.max(0, ms - FINE_MS); passedMs < ms; passedMs++) {
    await nextTurn();
    await jest.advanceTimersByTimeAsync(1);
    await nextTurn();
  }
}

describe.each([
  ['one process', EXCLUSIVE],
  ['several processes', SHARED],
] as const)('Calls of a lane in a store of %s', (_name, sharing) => {
  let gate: MemoryGate;
  let schedule: SlotSchedule;
  let sends: SendCoordinator;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate'] });
    gate = new MemoryGate();
    schedule = new SlotSchedule(new SystemRuntime(), sharing);
    for (let i = 0; i < 100; i++) {
      schedule.recordClaimLatency(CLAIM_MS);
      schedule.recordCommitLatency(COMMIT_MS);
    }
    sends = new SendCoordinator('default', gate, schedule);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Claims for a dispatch as `PriorityQueue` does, and waits for the start of its call. */
  function begin(dispatchId: string): Promise<boolean> {
    const slot = schedule.reserve(DELAY_MS);
    sends.recordClaim(dispatchId, gate.take(slot), slot, nowMs());
    return sends.awaitStart(dispatchId);
  }

  /** Records when the promise resolves. */
  function momentOf(promise: Promise<boolean>): { atMs: number | null; result: boolean | null } {
    const moment: { atMs: number | null; result: boolean | null } = { atMs: null, result: null };
    void promise.then((result) => {
      moment.atMs = nowMs();
      moment.result = result;
    });
    return moment;
  }

  it('start when their slots open', async () => {
    await begin('1');
    sends.recordSent('1');
    await pass(DELAY_MS - CLAIM_MS);
    const started = momentOf(begin('2'));
    await pass(CLAIM_MS - 1);
    expect(started.atMs).toBeNull();
    await pass(SLACK_MS);

    expect(started.result).toBe(true);
  });

  it('keep their distance where the one before is sent late', async () => {
    await begin('1');
    await sends.awaitSendSlot('1');
    await pass(DELAY_MS - CLAIM_MS);
    void begin('2');
    await pass(1);
    sends.recordSent('1');
    const firstMs = nowMs();
    const second = momentOf(sends.awaitSendSlot('2'));
    await pass(DELAY_MS - 1);
    expect(second.atMs).toBeNull();
    await pass(DELAY_MS);

    expect((second.atMs ?? 0) - firstMs).toBeGreaterThanOrEqual(DELAY_MS);
  });

  it('start so much earlier that they are ready when their slots open, and are sent no sooner', async () => {
    let lastSentMs = 0;
    for (let i = 1; i <= 40; i++) {
      await pass(Math.max(0, schedule.claimInMs(DELAY_MS)));
      void begin(String(i)).then(() => {
        setTimeout(() => {
          void sends.awaitSendSlot(String(i)).then(() => {
            sends.recordSent(String(i));
            lastSentMs = nowMs();
          });
        }, APPROACH_MS);
      });
      await pass(20);
    }
    await pass(schedule.claimInMs(DELAY_MS));
    const started = momentOf(begin('41'));
    await pass(CLAIM_MS + 1);
    const aheadMs = DELAY_MS - ((started.atMs ?? 0) - lastSentMs);
    expect(Math.abs(aheadMs - APPROACH_MS)).toBeLessThan(1.5); // fake timers count whole milliseconds

    const sent = momentOf(sends.awaitSendSlot('41'));
    await pass(APPROACH_MS + SLACK_MS);
    expect((sent.atMs ?? 0) - lastSentMs).toBeGreaterThanOrEqual(DELAY_MS);
  });

  it('of a dispatch that others overtook are sent in the next slot, and not before it opens', async () => {
    for (let i = 0; i < 100; i++) {
      schedule.recordSendLatency(APPROACH_MS);
    }
    await begin('1');
    await pass(DELAY_MS + 1);
    await begin('2');
    await sends.awaitSendSlot('2');
    sends.recordSent('2');
    const secondMs = nowMs();
    const first = momentOf(sends.awaitSendSlot('1'));
    await pass(DELAY_MS - 1);
    expect(first.atMs).toBeNull();
    await pass(SLACK_MS);

    expect(first.result).toBe(true);
    expect((first.atMs ?? 0) - secondMs).toBeGreaterThanOrEqual(DELAY_MS);
  });

  it('that took a later slot have moved the gate before they are sent', async () => {
    await begin('1');
    await pass(DELAY_MS + 1);
    await begin('2');
    sends.recordSent('2');
    const { epoch } = gate;
    const first = momentOf(sends.awaitSendSlot('1'));
    await pass(DELAY_MS + SLACK_MS);

    expect(first.result).toBe(true);
    expect(gate.epoch).toBe(epoch + 1);
    expect(gate.lastSendMs).toBeGreaterThanOrEqual(first.atMs ?? Infinity);
  });

  it('tell the gate when they are sent later than it says, and otherwise do not', async () => {
    await begin('1');
    sends.recordSent('1');
    expect(gate.published).toEqual([]);
    await pass(DELAY_MS + 1);
    await begin('2');
    await pass(DELAY_MS);
    sends.recordSent('2');

    expect(gate.published).toEqual([nowMs()]);
  });

  it('tell the gate that they are late before they are sent, because the process may end right after', async () => {
    await begin('1');
    await pass(DELAY_MS / 2);
    const permission = momentOf(sends.awaitSendSlot('1'));
    await pass(2 * DELAY_MS);

    expect(permission.result).toBe(true);
    expect(gate.lastSendMs + sharing.restartMarginMs).toBeGreaterThanOrEqual(permission.atMs ?? Infinity);
  });

  it('do not leave late where the gate cannot be told', async () => {
    await begin('1');
    await pass(DELAY_MS / 2);
    gate.isFailing = true;

    await expect(sends.awaitSendSlot('1')).rejects.toThrow('the store fails');
    expect(gate.published).toEqual([]);
  });

  it('without a limit wait for nothing', async () => {
    const slot = schedule.reserve(0);
    const epoch = gate.take(slot);
    sends.recordClaim('1', epoch, slot, nowMs());

    expect(await sends.awaitStart('1')).toBe(true);
    expect(await sends.awaitSendSlot('1')).toBe(true);
    expect(await sends.awaitSendSlot('another')).toBe(true);
    expect(schedule.claimInMs(0)).toBeLessThanOrEqual(0);
  });
});

describe('Calls of a lane in a store of several processes', () => {
  let gate: MemoryGate;
  let sends: SendCoordinator;
  let schedule: SlotSchedule;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate'] });
    gate = new MemoryGate();
    schedule = new SlotSchedule(new SystemRuntime(), SHARED);
    sends = new SendCoordinator('default', gate, schedule);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function claimLate(): Promise<boolean> {
    const slot = schedule.reserve(DELAY_MS);
    const sentMs = nowMs();
    const epoch = gate.take(slot);
    await pass(slot.sendWithinMs + 1); // the commit takes too long
    sends.recordClaim('1', epoch, slot, sentMs);
    const started = sends.awaitStart('1');
    await pass(5 * DELAY_MS);
    return started;
  }

  it('take a later slot where the commit was too late for theirs', async () => {
    expect(await claimLate()).toBe(true);
    expect(gate.epoch).toBe(2);
  });

  it('are given up after four slots that other processes took first', async () => {
    const races = jest.spyOn(gate, 'takeSlot').mockResolvedValue(null);

    expect(await claimLate()).toBe(false);
    expect(races).toHaveBeenCalledTimes(4);
  });
});
