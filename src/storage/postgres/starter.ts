import { Logger } from '@nestjs/common';
import type { Dispatch } from '../../scheduler/dispatch.js';
import { WakeTimer } from '../../scheduler/wake-timer.js';
import type { Begun } from './begin-dispatch.js';
import { releaseDispatch } from './give-back.js';
import type { PostgresDatabase } from './postgres-database.js';
import type { Slot } from './slot.js';
import { statement, type Statement } from './statement.js';

const LATE_STARTS = 3;

/** The last call that began here, and by when the gate's row says that it did. */
interface Started {
  readonly dispatchNo: number;
  readonly turn: number;
  readonly deadlineMs: number;
  readonly letGoMs: number;
}

/** Lets claimed dispatches go when their slot opens, and keeps the gate's row true of when their calls began. */
export class Starter {
  private readonly logger = new Logger('PostgreSQL');
  private readonly takeSlotAgain: Statement;
  private readonly moveSlot: Statement;
  private readonly release: Statement;
  private started: Started | null = null;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly slot: Slot,
  ) {
    this.takeSlotAgain = statement(`
      UPDATE ${schema}.gate SET turn = turn + 1, slot_taken_time = ${schema}.store_now() + $2::float8
      WHERE gate_no = 1 AND turn = $1::bigint RETURNING turn
    `);
    this.moveSlot = statement(`
      UPDATE ${schema}.gate SET slot_taken_time = greatest(slot_taken_time, ${schema}.store_now())
      WHERE gate_no = 1 AND turn = $1::bigint
    `);
    this.release = releaseDispatch(schema);
  }

  /**
   * Resolves when the call may begin. Null where its time had passed, another took the slot after it, and so the
   * dispatch was given back.
   */
  async startInTime(begun: Begun, deadlineMs: number, delayMs: number): Promise<Dispatch | null> {
    await wait(this.slot.startsInMs(delayMs));
    return this.slot.nowMs() <= deadlineMs ? this.start(begun, deadlineMs) : this.startLate(begun, delayMs);
  }

  /** The call has left only now: the next one, here or elsewhere, keeps its distance from this moment. */
  callLeft(dispatchNo: number): void {
    if (this.started?.dispatchNo !== dispatchNo) {
      return;
    }
    const { turn, deadlineMs, letGoMs } = this.started;
    this.slot.leaveTook(this.slot.nowMs() - letGoMs);
    this.slot.began(turn);
    if (this.slot.nowMs() > deadlineMs) {
      this.database.write(this.moveSlot, [turn]).catch((error: unknown) => {
        this.logger.warn(`other replicas are not told that a call left late: ${String(error)}`);
      });
    }
  }

  private start({ turn, dispatch }: Begun, deadlineMs: number): Dispatch {
    this.slot.began(turn);
    this.started = { dispatchNo: dispatch.dispatchNo, turn, deadlineMs, letGoMs: this.slot.nowMs() };
    return dispatch;
  }

  /** This process, or the commit, was held up: the gate's row is put right before the call begins. */
  private async startLate({ turn, dispatch }: Begun, delayMs: number): Promise<Dispatch | null> {
    let current = turn;
    for (let late = 0; late < LATE_STARTS; late++) {
      const withinMs = this.slot.beginsWithinMs(delayMs);
      const deadlineMs = this.slot.nowMs() + withinMs;
      const [row] = await this.database.write(this.takeSlotAgain, [current, withinMs]);
      if (row === undefined) {
        break;
      }
      current = Number(row['turn']);
      if (this.slot.nowMs() <= deadlineMs) {
        return this.start({ turn: current, dispatch }, deadlineMs);
      }
    }
    await this.database.write(this.release, [dispatch.dispatchNo]);
    return null;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0) {
      resolve();
    } else {
      new WakeTimer(resolve).set(ms);
    }
  });
}
