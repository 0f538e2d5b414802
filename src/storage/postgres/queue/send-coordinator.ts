import { Logger } from '@nestjs/common';
import { preciseSleep } from '../../../scheduler/pacing/precise-sleep.js';
import type { ClockSteps } from './clock-steps.js';
import type { Lane } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { GATE_COLUMNS, toGateRow, type Slot } from './slot-schedule.js';
import { statement, type Statement } from '../database/statement.js';
import { NEXT_TURN } from './claim-epoch.js';
import type { Turnstile } from '../database/mutex.js';

/** As often others may be faster than a call that is late. */
const RACES = 4;

/** A call that may begin, and by when the gate's row says that it did. */
interface Started {
  readonly dispatchId: string;
  readonly turn: number;
  readonly deadlineMs: number;
  readonly delayMs: number;
  readonly letGoMs: number;
  /** It moves where a call of ours that was let go before leaves only after this one was let go. */
  opensMs: number;
  hasLeft: boolean;
}

/** Lets claimed dispatches of a lane go when their slot opens, and keeps the gate's row true of when their calls began. */
export class Starter {
  private readonly logger = new Logger('PostgreSQL');
  private readonly readGate: Statement;
  private readonly takeSlotAgain: Statement;
  private readonly moveSlot: Statement;
  /** The last one here; null as long as there is no limit. */
  private started: Started | null = null;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    { laneNo }: Lane,
    private readonly slot: Slot,
    private readonly turnstile: Turnstile,
    private readonly clockSteps: ClockSteps,
  ) {
    const ofLane = `lane_no = ${String(laneNo)}`;
    this.readGate = statement(
      `SELECT ${GATE_COLUMNS}, ${schema}.store_now() AS now FROM ${schema}.gate WHERE ${ofLane}`,
    );
    this.takeSlotAgain = statement(`
      UPDATE ${schema}.gate SET turn = ${NEXT_TURN}, slot_taken_time = ${schema}.store_now() + $2::float8, slot_delay_ms = $3::float8
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
      this.takeSlotAnew(dispatchId, turn, delayMs)
    );
  }

  /** See `QueueRepository.awaitSendSlot`. A call that is late leaves in a later slot. */
  async mayLeave(dispatchId: string): Promise<boolean> {
    if (this.started === null || (await this.leavesInTime(this.started, dispatchId))) {
      return true;
    }
    return this.turnstile.pass(async () => this.leaveLate(dispatchId));
  }

  /** The call has left only now: the next one, here or elsewhere, keeps its distance from this moment. */
  callLeft(dispatchId: string): void {
    const { started } = this;
    if (started === null) {
      return;
    }
    const { turn, deadlineMs, delayMs } = started;
    if (started.dispatchId !== dispatchId && !started.hasLeft) {
      started.opensMs = Math.max(started.opensMs, this.slot.nowMs() + delayMs);
      this.slot.leaves(turn, started.opensMs);
      return;
    }
    started.hasLeft = true;
    this.slot.leaves(turn);
    if (this.slot.nowMs() > deadlineMs) {
      this.database.write(this.moveSlot, [turn]).catch((error: unknown) => {
        this.logger.warn(`other replicas are not told that a call left late: ${String(error)}`);
      });
    }
  }

  /** Resolves with true when the slot of this dispatch opens, with false when that is over or it has none. */
  private async leavesInTime(started: Started, dispatchId: string): Promise<boolean> {
    if (started.dispatchId !== dispatchId) {
      return false;
    }
    const askedMs = this.slot.nowMs();
    this.slot.approachTook(askedMs - started.letGoMs);
    while (this.slot.nowMs() < started.opensMs) {
      await preciseSleep(started.opensMs - this.slot.nowMs());
    }
    return this.slot.nowMs() <= started.deadlineMs;
  }

  private async leaveLate(dispatchId: string): Promise<boolean> {
    const { started } = this;
    if (started === null) {
      return true;
    }
    if (started.dispatchId !== dispatchId) {
      return this.takeSlotAnew(dispatchId, null, started.delayMs);
    }
    this.slot.didNotBegin(started.turn);
    return this.takeSlotAnew(dispatchId, started.turn, started.delayMs);
  }

  /** This process, the commit or the connection was held up: the gate's row is put right before the call begins. */
  private async takeSlotAnew(dispatchId: string, ownTurn: number | null, delayMs: number): Promise<boolean> {
    let turn = ownTurn;
    let leastWithinMs = 0;
    for (let race = 0; race < RACES; race++) {
      turn ??= await this.readTurn();
      await this.untilTimeToClaim(delayMs);
      const withinMs = this.slot.beginsWithinMs(delayMs, leastWithinMs);
      const sentMs = this.slot.nowMs();
      const [row] = await this.database.write(this.takeSlotAgain, [turn, withinMs, delayMs]);
      const tookMs = this.slot.nowMs() - sentMs;
      this.slot.commitTook(tookMs);
      leastWithinMs = 2 * Math.max(tookMs, leastWithinMs);
      turn = row === undefined ? null : Number(row['turn']);
      if (turn !== null && (await this.startBy(dispatchId, turn, sentMs + withinMs, delayMs))) {
        return true;
      }
    }
    return false;
  }

  private async untilTimeToClaim(delayMs: number): Promise<void> {
    for (let inMs = this.slot.claimInMs(delayMs); inMs > 0; inMs = this.slot.claimInMs(delayMs)) {
      await preciseSleep(inMs);
    }
  }

  private async startBy(
    dispatchId: string,
    turn: number,
    deadlineMs: number,
    delayMs: number,
  ): Promise<boolean> {
    await preciseSleep(this.slot.startsInMs(delayMs));
    const letGoMs = this.slot.nowMs();
    if (letGoMs > deadlineMs) {
      return false;
    }
    const opensMs = letGoMs + this.slot.opensInMs(delayMs);
    this.slot.began(turn, delayMs, opensMs);
    this.started = { dispatchId, turn, deadlineMs, delayMs, letGoMs, opensMs, hasLeft: false };
    return true;
  }

  private async readTurn(): Promise<number> {
    for (;;) {
      const sentMs = this.slot.nowMs();
      const gate = toGateRow(await this.database.read(this.readGate));
      if (await this.clockSteps.isSteady({ serverMs: gate.now, sentMs, receivedMs: this.slot.nowMs() })) {
        this.slot.observe(gate);
        return gate.turn;
      }
    }
  }
}
