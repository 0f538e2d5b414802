import { Mutex } from '../../domain/mutex.js';
import { preciseSleep } from './precise-sleep.js';
import type { SlotReading, SlotReservation, SlotSchedule } from './slot-schedule.js';

/** Number of races that a late call may lose. */
const MAX_RACES = 4;

/** The access to a lane's gate that late calls need. `QueueRepository` provides it. */
export interface SlotStore {
  /** Reads the lane's gate. */
  readGate(lane: string): Promise<SlotReading>;

  /**
   * Takes the slot without ids, for a late call. Resolves with the new claim epoch; with null after a lost race, or while the
   * lane is paused or held.
   */
  takeSlot(lane: string, epoch: number, slot: SlotReservation): Promise<number | null>;

  /** Moves the last slot of this epoch to this moment, because its call was sent later than reserved. */
  publishLateSend(lane: string, epoch: number): boolean;
}

/** The dispatch that holds the last slot which this process took. */
interface StartedDispatch {
  readonly dispatchId: string;
  /** The slots of this process are numbered in their order. */
  readonly slotNo: number;
  readonly epoch: number;
  readonly delayMs: number;
  /** The latest moment of the send that the gate's row holds. */
  readonly reservedMs: number;
  /** When its call was started. */
  startedMs: number;
  /** When its slot opens. It moves if an earlier call of this process is sent only after this dispatch has begun. */
  opensMs: number;
  /** A send after this moment must be published. */
  publishAfterMs: number;
  isSent: boolean;
}

/**
 * Starts the claimed dispatches of a lane so that their calls are ready when their slots open, sends each call in a slot
 * of its own, and keeps the lane's gate correct about late sends.
 */
export class SendCoordinator {
  /** Claims and late calls of this process take slots one at a time. */
  readonly mutex = new Mutex();
  private started: StartedDispatch | null = null;
  /** Number of slots that this process took. */
  private slotCount = 0;
  /** The number of the latest slot whose call was permitted to be sent. */
  private permittedSlotNo = 0;

  constructor(
    private readonly lane: string,
    private readonly store: SlotStore,
    readonly schedule: SlotSchedule,
    /** Returns false if a late dispatch must not take a later slot. */
    private readonly mayTakeSlot: (dispatchId: string) => boolean = () => true,
  ) {}

  /** Records that a claim has reserved a slot for this dispatch; its commit began at `sentMs`. */
  recordClaim(dispatchId: string, epoch: number, slot: SlotReservation, sentMs: number): void {
    const { schedule } = this;
    const { isShared, restartMarginMs } = schedule.sharing;
    const { delayMs, sendWithinMs } = slot;
    const nowMs = schedule.nowMs();
    const opensMs = nowMs + Math.max(0, schedule.opensInMs(delayMs));
    schedule.recordStart(epoch, delayMs, opensMs);
    const reservedMs = sentMs + sendWithinMs;
    const publishAfterMs = reservedMs + restartMarginMs;
    this.slotCount += 1;
    this.started =
      isShared && delayMs === 0
        ? null
        : {
            dispatchId,
            slotNo: this.slotCount,
            epoch,
            delayMs,
            reservedMs,
            startedMs: nowMs,
            opensMs,
            publishAfterMs,
            isSent: false,
          };
  }

  /**
   * Resolves with true when the call of a newly claimed dispatch must start. Resolves with false if its time has passed
   * and others took the slots after it.
   */
  async awaitStart(dispatchId: string): Promise<boolean> {
    const { started } = this;
    if (started?.dispatchId !== dispatchId || started.delayMs === 0) {
      return true;
    }
    return (
      (await this.startsInTime(started)) ||
      this.mutex.runExclusive(() => this.takeLaterSlot(started, dispatchId, { isReady: false }))
    );
  }

  /**
   * Resolves with true when the call of this dispatch, which is ready, may be sent: in its own slot, or in a later one if
   * it is late. Resolves with false if it got none.
   */
  async awaitSendSlot(dispatchId: string): Promise<boolean> {
    const { started } = this;
    if (started === null || started.delayMs === 0) {
      return true;
    }
    if (started.dispatchId === dispatchId) {
      this.schedule.recordSendLatency(this.schedule.nowMs() - started.startedMs);
      if (await this.opensInTime(started)) {
        return true;
      }
    }
    return this.mutex.runExclusive(() => this.takeLaterSlot(started, dispatchId, { isReady: true }));
  }

  /** Records that the call was sent now: the next one, here or in another process, keeps its distance from this moment. */
  recordSent(dispatchId: string): void {
    const { started } = this;
    if (started === null) {
      return;
    }
    this.keepDistance(started, dispatchId);
    this.publishIfLate(started);
  }

  /** Tells the gate that a call is sent now, if that is later than the gate allows for. Returns false if it cannot be told. */
  private publishIfLate(started: StartedDispatch): boolean {
    const { schedule, store } = this;
    const nowMs = schedule.nowMs();
    if (nowMs <= started.publishAfterMs) {
      return true;
    }
    const isPublished = store.publishLateSend(this.lane, started.epoch);
    if (isPublished) {
      started.publishAfterMs = nowMs + schedule.sharing.restartMarginMs;
    }
    return isPublished;
  }

  /** Measures the distance of the next call, also of the last dispatch if it still waits, from this moment. */
  private keepDistance(last: StartedDispatch, dispatchId: string): void {
    const { schedule } = this;
    if (last.dispatchId === dispatchId || last.isSent) {
      last.isSent = true;
      schedule.recordSent(last.epoch);
    } else {
      last.opensMs = Math.max(last.opensMs, schedule.nowMs() + last.delayMs);
      schedule.recordSent(last.epoch, last.opensMs);
    }
  }

  /** Waits until the call must start so that it is ready when its slot opens. */
  private async startsInTime(started: StartedDispatch): Promise<boolean> {
    const { schedule } = this;
    await this.sleep(started.opensMs - schedule.nowMs() - schedule.sendLeadMs(started.delayMs));
    started.startedMs = schedule.nowMs();
    return !this.isLate(started);
  }

  /**
   * Waits until the slot opens, also if it moves meanwhile. After a stall of the event loop several dispatches may find
   * their slots open: the first one takes its slot, and the others are late.
   */
  private async opensInTime(started: StartedDispatch): Promise<boolean> {
    const { schedule } = this;
    while (schedule.nowMs() < started.opensMs) {
      await this.sleep(started.opensMs - schedule.nowMs());
    }
    const isOvertaken = started.slotNo < this.permittedSlotNo;
    // The gate is told before the send: the process may end right after it.
    if (isOvertaken || this.isLate(started) || !this.publishIfLate(this.started ?? started)) {
      return false;
    }
    this.permittedSlotNo = started.slotNo;
    this.keepDistance(this.started ?? started, started.dispatchId);
    return true;
  }

  /** In a shared store others count from the reserved moment, so no call may be sent after it. */
  private isLate({ reservedMs }: StartedDispatch): boolean {
    return this.schedule.sharing.isShared && this.schedule.nowMs() > reservedMs;
  }

  /**
   * Takes a later slot for a late dispatch before its call is sent. The process, the commit or the connection was
   * delayed. `isReady` is true if the call waits only for its slot.
   */
  private async takeLaterSlot(
    { delayMs }: StartedDispatch,
    dispatchId: string,
    { isReady }: { readonly isReady: boolean },
  ): Promise<boolean> {
    const { schedule } = this;
    let epoch = this.revert(dispatchId);
    let minCommitMs = 0;
    for (let race = 0; race < MAX_RACES; race++) {
      epoch ??= await this.readEpoch();
      if (!this.mayTakeSlot(dispatchId)) {
        return false;
      }
      await this.untilTimeToClaim(delayMs);
      const slot = schedule.reserve(delayMs, minCommitMs);
      const sentMs = schedule.nowMs();
      const taken = await this.store.takeSlot(this.lane, epoch, slot);
      const commitMs = schedule.nowMs() - sentMs;
      schedule.recordCommitLatency(commitMs);
      minCommitMs = 2 * Math.max(commitMs, minCommitMs);
      if (taken !== null) {
        this.recordClaim(dispatchId, taken, slot, sentMs);
        if (this.started === null || (await this.inTime(this.started, isReady))) {
          return true;
        }
        this.revert(dispatchId);
      }
      epoch = taken;
    }
    return false;
  }

  private inTime(started: StartedDispatch, isReady: boolean): Promise<boolean> {
    return isReady ? this.opensInTime(started) : this.startsInTime(started);
  }

  /** Forgets the slot of this dispatch if it holds the last one. Returns its claim epoch, otherwise null. */
  private revert(dispatchId: string): number | null {
    const { started } = this;
    if (started?.dispatchId !== dispatchId) {
      return null;
    }
    this.schedule.revertStart(started.epoch);
    return started.epoch;
  }

  private async untilTimeToClaim(delayMs: number): Promise<void> {
    const { schedule } = this;
    for (let inMs = schedule.claimInMs(delayMs); inMs > 0; inMs = schedule.claimInMs(delayMs)) {
      await this.sleep(inMs);
    }
  }

  private async readEpoch(): Promise<number> {
    const reading = await this.store.readGate(this.lane);
    this.schedule.observe(reading);
    return reading.epoch;
  }

  private sleep(ms: number): Promise<void> {
    return preciseSleep(this.schedule.runtime, ms);
  }
}
