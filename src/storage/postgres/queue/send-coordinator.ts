import { Logger } from '@nestjs/common';
import { preciseSleep } from '../../../scheduler/pacing/precise-sleep.js';
import type { ClockSteps } from './clock-steps.js';
import type { LaneId } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { GATE_COLUMNS, toGateRow, type SlotSchedule } from './slot-schedule.js';
import { statement, type Statement } from '../database/statement.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import type { Mutex } from '../../../domain/mutex.js';

/** Number of races that a late request may lose. */
const MAX_RACES = 4;

/** A started dispatch, and the latest time of its send according to the lane's row. */
interface StartedDispatch {
  readonly dispatchId: string;
  readonly epoch: number;
  readonly deadlineMs: number;
  readonly delayMs: number;
  readonly startedMs: number;
  /**
   * The time at which its slot opens. It moves if an earlier request of this process is sent only after this dispatch
   * was started.
   */
  opensMs: number;
  isSent: boolean;
}

/**
 * Starts claimed dispatches of a lane when their slot opens, and keeps the lane's row correct about the times of their
 * sends.
 */
export class SendCoordinator {
  private readonly logger = new Logger('PostgreSQL');
  private readonly readGate: Statement;
  private readonly updateSlot: Statement;
  private readonly moveSlot: Statement;
  /** The dispatch started last by this process; null while there is no limit. */
  private started: StartedDispatch | null = null;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    { laneNo }: LaneId,
    private readonly slotSchedule: SlotSchedule,
    private readonly mutex: Mutex,
    private readonly clockSteps: ClockSteps,
  ) {
    const ofLane = `lane_no = ${String(laneNo)}`;
    this.readGate = statement(
      `SELECT ${GATE_COLUMNS}, ${schema}.store_now() AS now FROM ${schema}.gate WHERE ${ofLane}`,
    );
    this.updateSlot = statement(`
      UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH}, slot_taken_time = ${schema}.store_now() + $2::float8, slot_delay_ms = $3::float8
      WHERE ${ofLane} AND turn = $1::bigint RETURNING turn
    `);
    this.moveSlot = statement(`
      UPDATE ${schema}.gate SET slot_taken_time = greatest(slot_taken_time, ${schema}.store_now())
      WHERE ${ofLane} AND turn = $1::bigint
    `);
  }

  /**
   * Resolves when the request of a newly claimed dispatch may start. Returns false if its time has passed and others
   * took the slots after it.
   */
  async startInTime(
    dispatchId: string,
    epoch: number,
    deadlineMs: number,
    delayMs: number,
  ): Promise<boolean> {
    return (
      (await this.startBy(dispatchId, epoch, deadlineMs, delayMs)) ||
      this.reacquireSlot(dispatchId, epoch, delayMs)
    );
  }

  /** Implements `QueueRepository.awaitSendSlot`. A late request is sent in a later slot. */
  async awaitSendSlot(dispatchId: string): Promise<boolean> {
    if (this.started === null || (await this.sendsInTime(this.started, dispatchId))) {
      return true;
    }
    return this.mutex.runExclusive(async () => this.sendLate(dispatchId));
  }

  /**
   * Records that the request was sent now: the next one, here or in another process, keeps its distance from this
   * moment.
   */
  recordSent(dispatchId: string): void {
    const { started } = this;
    if (started === null) {
      return;
    }
    const { epoch, deadlineMs, delayMs } = started;
    if (started.dispatchId !== dispatchId && !started.isSent) {
      started.opensMs = Math.max(started.opensMs, this.slotSchedule.nowMs() + delayMs);
      this.slotSchedule.leaves(epoch, started.opensMs);
      return;
    }
    started.isSent = true;
    this.slotSchedule.leaves(epoch);
    if (this.slotSchedule.nowMs() > deadlineMs) {
      this.database.write(this.moveSlot, [epoch]).catch((error: unknown) => {
        this.logger.warn(`other replicas are not notified of a late request: ${String(error)}`);
      });
    }
  }

  /**
   * Resolves with true when the slot of this dispatch opens; with false if the slot has passed or the dispatch has
   * none.
   */
  private async sendsInTime(startedDispatch: StartedDispatch, dispatchId: string): Promise<boolean> {
    if (startedDispatch.dispatchId !== dispatchId) {
      return false;
    }
    const readyMs = this.slotSchedule.nowMs();
    this.slotSchedule.recordSendLatency(readyMs - startedDispatch.startedMs);
    while (this.slotSchedule.nowMs() < startedDispatch.opensMs) {
      await preciseSleep(startedDispatch.opensMs - this.slotSchedule.nowMs());
    }
    return this.slotSchedule.nowMs() <= startedDispatch.deadlineMs;
  }

  private async sendLate(dispatchId: string): Promise<boolean> {
    const { started } = this;
    if (started === null) {
      return true;
    }
    if (started.dispatchId !== dispatchId) {
      return this.reacquireSlot(dispatchId, null, started.delayMs);
    }
    this.slotSchedule.revertStart(started.epoch);
    return this.reacquireSlot(dispatchId, started.epoch, started.delayMs);
  }

  /**
   * Takes a new slot and corrects the lane's row before the request starts, because the process, the commit or the
   * connection was delayed.
   */
  private async reacquireSlot(
    dispatchId: string,
    ownEpoch: number | null,
    delayMs: number,
  ): Promise<boolean> {
    let epoch = ownEpoch;
    let leastWithinMs = 0;
    for (let race = 0; race < MAX_RACES; race++) {
      epoch ??= await this.readEpoch();
      await this.untilTimeToClaim(delayMs);
      const withinMs = this.slotSchedule.startDeadlineInMs(delayMs, leastWithinMs);
      const sentMs = this.slotSchedule.nowMs();
      const [row] = await this.database.write(this.updateSlot, [epoch, withinMs, delayMs]);
      const tookMs = this.slotSchedule.nowMs() - sentMs;
      this.slotSchedule.commitTook(tookMs);
      leastWithinMs = 2 * Math.max(tookMs, leastWithinMs);
      epoch = row === undefined ? null : Number(row['turn']);
      if (epoch !== null && (await this.startBy(dispatchId, epoch, sentMs + withinMs, delayMs))) {
        return true;
      }
    }
    return false;
  }

  private async untilTimeToClaim(delayMs: number): Promise<void> {
    for (
      let inMs = this.slotSchedule.claimInMs(delayMs);
      inMs > 0;
      inMs = this.slotSchedule.claimInMs(delayMs)
    ) {
      await preciseSleep(inMs);
    }
  }

  private async startBy(
    dispatchId: string,
    epoch: number,
    deadlineMs: number,
    delayMs: number,
  ): Promise<boolean> {
    await preciseSleep(this.slotSchedule.startsInMs(delayMs));
    const startedMs = this.slotSchedule.nowMs();
    if (startedMs > deadlineMs) {
      return false;
    }
    const opensMs = startedMs + this.slotSchedule.opensInMs(delayMs);
    this.slotSchedule.recordStart(epoch, delayMs, opensMs);
    this.started = { dispatchId, epoch, deadlineMs, delayMs, startedMs, opensMs, isSent: false };
    return true;
  }

  private async readEpoch(): Promise<number> {
    for (;;) {
      const sentMs = this.slotSchedule.nowMs();
      const gate = toGateRow(await this.database.read(this.readGate));
      if (
        await this.clockSteps.isSteady({ serverMs: gate.now, sentMs, receivedMs: this.slotSchedule.nowMs() })
      ) {
        this.slotSchedule.observe(gate);
        return gate.turn;
      }
    }
  }
}
