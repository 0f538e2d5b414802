import { Logger } from '@nestjs/common';
import { preciseSleep } from '../../../scheduler/pacing/precise-sleep.js';
import type { ClockSteps } from './clock-steps.js';
import type { LaneId } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { GATE_COLUMNS, toGateRow, type SlotSchedule } from './slot-schedule.js';
import { statement, type Statement } from '../database/statement.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import type { Mutex } from '../database/mutex.js';

/** As often others may be faster than a call that is late. */
const MAX_RACES = 4;

/** A call that may begin, and by when the gate's row says that it did. */
interface StartedDispatch {
  readonly dispatchId: string;
  readonly epoch: number;
  readonly deadlineMs: number;
  readonly delayMs: number;
  readonly startedMs: number;
  /** It moves where a call of ours that was let go before leaves only after this one was let go. */
  opensMs: number;
  hasLeft: boolean;
}

/** Lets claimed dispatches of a lane go when their slot opens, and keeps the gate's row true of when their calls began. */
export class SendCoordinator {
  private readonly logger = new Logger('PostgreSQL');
  private readonly readGate: Statement;
  private readonly updateSlot: Statement;
  private readonly moveSlot: Statement;
  /** The last one here; null as long as there is no limit. */
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
   * Resolves when the call of a dispatch may begin that was just claimed. False where its time had passed, and others
   * took the slots after it.
   */
  async startInTime(dispatchId: string, turn: number, deadlineMs: number, delayMs: number): Promise<boolean> {
    return (
      (await this.startBy(dispatchId, turn, deadlineMs, delayMs)) ||
      this.reacquireSlot(dispatchId, turn, delayMs)
    );
  }

  /** See `QueueRepository.awaitSendSlot`. A call that is late leaves in a later slot. */
  async awaitSendSlot(dispatchId: string): Promise<boolean> {
    if (this.started === null || (await this.sendsInTime(this.started, dispatchId))) {
      return true;
    }
    return this.mutex.runExclusive(async () => this.sendLate(dispatchId));
  }

  /** The call has left only now: the next one, here or elsewhere, keeps its distance from this moment. */
  recordSent(dispatchId: string): void {
    const { started } = this;
    if (started === null) {
      return;
    }
    const { epoch, deadlineMs, delayMs } = started;
    if (started.dispatchId !== dispatchId && !started.hasLeft) {
      started.opensMs = Math.max(started.opensMs, this.slotSchedule.nowMs() + delayMs);
      this.slotSchedule.leaves(epoch, started.opensMs);
      return;
    }
    started.hasLeft = true;
    this.slotSchedule.leaves(epoch);
    if (this.slotSchedule.nowMs() > deadlineMs) {
      this.database.write(this.moveSlot, [epoch]).catch((error: unknown) => {
        this.logger.warn(`other replicas are not told that a call left late: ${String(error)}`);
      });
    }
  }

  /** Resolves with true when the slot of this dispatch opens, with false when that is over or it has none. */
  private async sendsInTime(startedDispatch: StartedDispatch, dispatchId: string): Promise<boolean> {
    if (startedDispatch.dispatchId !== dispatchId) {
      return false;
    }
    const askedMs = this.slotSchedule.nowMs();
    this.slotSchedule.recordSendLatency(askedMs - startedDispatch.startedMs);
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

  /** This process, the commit or the connection was held up: the gate's row is put right before the call begins. */
  private async reacquireSlot(dispatchId: string, ownTurn: number | null, delayMs: number): Promise<boolean> {
    let turn = ownTurn;
    let leastWithinMs = 0;
    for (let race = 0; race < MAX_RACES; race++) {
      turn ??= await this.readEpoch();
      await this.untilTimeToClaim(delayMs);
      const withinMs = this.slotSchedule.startDeadlineInMs(delayMs, leastWithinMs);
      const sentMs = this.slotSchedule.nowMs();
      const [row] = await this.database.write(this.updateSlot, [turn, withinMs, delayMs]);
      const tookMs = this.slotSchedule.nowMs() - sentMs;
      this.slotSchedule.commitTook(tookMs);
      leastWithinMs = 2 * Math.max(tookMs, leastWithinMs);
      turn = row === undefined ? null : Number(row['turn']);
      if (turn !== null && (await this.startBy(dispatchId, turn, sentMs + withinMs, delayMs))) {
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
    this.started = { dispatchId, epoch, deadlineMs, delayMs, startedMs, opensMs, hasLeft: false };
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
