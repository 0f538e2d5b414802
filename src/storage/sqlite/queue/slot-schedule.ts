import type { StatementSync } from 'node:sqlite';
import { preciseSleep } from '../../../scheduler/pacing/precise-sleep.js';
import { SendLatency } from '../../../scheduler/pacing/send-latency.js';
import { LatencyEstimator } from '../../../scheduler/pacing/latency-estimator.js';
import type { SqliteDatabase } from '../database/database.js';
import type { SteadyTime } from '../database/store-clock.js';

/**
 * The slot is written before its claim commits, and the call begins after. The last call before a crash may have
 * begun this much later than written, so a restarted gate waits this much longer.
 */
const RESTART_MARGIN_MS = 50;

/** A dispatch is claimed this much ahead of its slot at the most, so that its commit is over when the slot opens. */
const MOST_LEAD_MS = 20;

/** When the next dispatch of a lane may begin: kept in the file for a restart; within a process the last start itself counts. */
export class Slot {
  private readonly select: StatementSync;
  private readonly update: StatementSync;
  /** Ahead of now while a dispatch waits for its slot. */
  private lastBeganMs: number;
  private letGoMs = 0;
  /** The delay with which the last slot was taken: a shorter one counts from the next slot on. */
  private slotDelayMs: number;
  private readonly claims = new LatencyEstimator(0, MOST_LEAD_MS);
  private readonly approach = new SendLatency();
  /** Whose call may leave now. */
  private holder: { readonly dispatchNo: number; readonly delayMs: number; hasLeft: boolean } | null = null;

  constructor(
    database: SqliteDatabase,
    private readonly time: SteadyTime,
    private readonly laneNo: number,
  ) {
    this.select = database.prepare('SELECT slot_taken_time, slot_delay_ms FROM gate WHERE lane_no = ?');
    this.update = database.prepare(
      'UPDATE gate SET slot_taken_time = ?, slot_delay_ms = ? WHERE lane_no = ?',
    );
    this.lastBeganMs = Math.min(this.afterRestartMs(), time.nowMs());
    this.slotDelayMs = Number(this.select.get(laneNo)?.['slot_delay_ms'] ?? 0);
  }

  /** Resolves when the call of this dispatch may leave: at once, or in a later slot where others took its own. */
  async mayLeave(dispatchNo: number): Promise<void> {
    if (this.holder?.dispatchNo === dispatchNo) {
      this.approach.record(this.time.nowMs() - this.letGoMs);
    }
    for (;;) {
      const { holder } = this;
      if (holder === null || holder.dispatchNo === dispatchNo) {
        const opensInMs = this.lastBeganMs - this.time.nowMs();
        if (opensInMs <= 0) {
          return;
        }
        await preciseSleep(opensInMs);
      } else {
        await preciseSleep(this.opensInMs(holder.delayMs));
        if (this.opensInMs(holder.delayMs) <= 0) {
          this.begin(dispatchNo, holder.delayMs);
        }
      }
    }
  }

  /** Zero or less when it is time to claim; never more than the delay that counts. */
  claimInMs(delayMs: number): number {
    const leadMs = Math.min(this.claims.upperBound(4), MOST_LEAD_MS, delayMs / 4);
    return this.opensInMs(delayMs) - this.approach.leadMs(delayMs) - leadMs;
  }

  /** A claim took this long, its commit included. */
  claimTook(ms: number): void {
    this.claims.add(ms);
  }

  /** Whether a call that leaves now does so later than a restarted gate would allow for. */
  isBeyondMargin(): boolean {
    return this.time.nowMs() > this.afterRestartMs();
  }

  /** Part of the claim's transaction, for a call that leaves when the slot opens. */
  take(delayMs: number): void {
    this.write(this.nextBeginMs(delayMs), delayMs);
  }

  /** A call has left later than what was written allows for. */
  takeLate(): void {
    this.write(this.time.nowMs(), this.slotDelayMs);
  }

  /** The claim of this dispatch is committed, or it is late and this slot is free: its call begins as soon as it is open. */
  begin(dispatchNo: number, delayMs: number): void {
    this.holder = { dispatchNo, delayMs, hasLeft: false };
    this.lastBeganMs = this.nextBeginMs(delayMs);
    this.slotDelayMs = delayMs;
    this.letGoMs = this.time.nowMs();
  }

  /** Resolves when the call of the dispatch that began last is to be let go, so that it asks just before its slot opens. */
  async untilLetGo(delayMs: number): Promise<void> {
    await preciseSleep(this.lastBeganMs - this.time.nowMs() - this.approach.leadMs(delayMs));
    this.letGoMs = this.time.nowMs();
  }

  /** The call of this dispatch has left only now: where the next one has its slot already, that one moves. */
  callLeft(dispatchNo: number): void {
    const nowMs = this.time.nowMs();
    if (this.holder === null || this.holder.hasLeft) {
      this.lastBeganMs = nowMs;
    } else if (this.holder.dispatchNo === dispatchNo) {
      this.holder.hasLeft = true;
      this.lastBeganMs = nowMs;
    } else {
      this.lastBeganMs = Math.max(this.lastBeganMs, nowMs + this.holder.delayMs);
    }
  }

  private opensInMs(delayMs: number): number {
    return this.nextOpensMs(delayMs) - this.time.nowMs();
  }

  private nextOpensMs(delayMs: number): number {
    return this.lastBeganMs + Math.max(delayMs, this.slotDelayMs);
  }

  private nextBeginMs(delayMs: number): number {
    return Math.max(this.time.nowMs(), this.nextOpensMs(delayMs));
  }

  private write(beganMs: number, delayMs: number): void {
    this.update.run(beganMs, delayMs, this.laneNo);
    this.time.keep();
  }

  /** When a restarted gate would take the last call to have begun. */
  private afterRestartMs(): number {
    return Number(this.select.get(this.laneNo)?.['slot_taken_time']) + RESTART_MARGIN_MS;
  }
}
