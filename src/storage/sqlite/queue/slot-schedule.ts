import type { StatementSync } from 'node:sqlite';
import { preciseSleep } from '../../../scheduler/pacing/precise-sleep.js';
import { SendLatency } from '../../../scheduler/pacing/send-latency.js';
import { LatencyEstimator } from '../../../scheduler/pacing/latency-estimator.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';

/**
 * The slot is written before its claim commits, and the call begins after. The last call before a crash may have
 * begun this much later than written, so a restarted gate waits this much longer.
 */
const RESTART_MARGIN_MS = 50;

/** A dispatch is claimed this much ahead of its slot at the most, so that its commit is over when the slot opens. */
const MAX_LEAD_MS = 20;

/** When the next dispatch of a lane may begin: kept in the file for a restart; within a process the last start itself counts. */
export class SlotSchedule {
  private readonly select: StatementSync;
  private readonly update: StatementSync;
  /** Ahead of now while a dispatch waits for its slot. */
  private lastStartedMs: number;
  private startedMs = 0;
  /** The delay with which the last slot was taken: a shorter one counts from the next slot on. */
  private slotDelayMs: number;
  private readonly claimLatency = new LatencyEstimator(0, MAX_LEAD_MS);
  private readonly sendLatency = new SendLatency();
  /** Whose call may leave now. */
  private holder: { readonly dispatchNo: number; readonly delayMs: number; hasLeft: boolean } | null = null;

  constructor(
    database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly laneNo: number,
  ) {
    this.select = database.prepare('SELECT slot_taken_time, slot_delay_ms FROM gate WHERE lane_no = ?');
    this.update = database.prepare(
      'UPDATE gate SET slot_taken_time = ?, slot_delay_ms = ? WHERE lane_no = ?',
    );
    this.lastStartedMs = Math.min(this.restartMarginEndMs(), time.nowMs());
    this.slotDelayMs = Number(this.select.get(laneNo)?.['slot_delay_ms'] ?? 0);
  }

  /** Resolves when the call of this dispatch may leave: at once, or in a later slot where others took its own. */
  async awaitSendSlot(dispatchNo: number): Promise<void> {
    if (this.holder?.dispatchNo === dispatchNo) {
      this.sendLatency.record(this.time.nowMs() - this.startedMs);
    }
    for (;;) {
      const { holder } = this;
      if (holder === null || holder.dispatchNo === dispatchNo) {
        const opensInMs = this.lastStartedMs - this.time.nowMs();
        if (opensInMs <= 0) {
          return;
        }
        await preciseSleep(opensInMs);
      } else {
        await preciseSleep(this.opensInMs(holder.delayMs));
        if (this.opensInMs(holder.delayMs) <= 0) {
          this.start(dispatchNo, holder.delayMs);
        }
      }
    }
  }

  /** Zero or less when it is time to claim; never more than the delay that counts. */
  claimInMs(delayMs: number): number {
    const leadMs = Math.min(this.claimLatency.upperBound(4), MAX_LEAD_MS, delayMs / 4);
    return this.opensInMs(delayMs) - this.sendLatency.leadMs(delayMs) - leadMs;
  }

  /** A claim took this long, its commit included. */
  recordClaimLatency(ms: number): void {
    this.claimLatency.add(ms);
  }

  /** Whether a call that leaves now does so later than a restarted gate would allow for. */
  exceedsRestartMargin(): boolean {
    return this.time.nowMs() > this.restartMarginEndMs();
  }

  /** Part of the claim's transaction, for a call that leaves when the slot opens. */
  reserve(delayMs: number): void {
    this.write(this.nextStartMs(delayMs), delayMs);
  }

  /** A call has left later than what was written allows for. */
  recordLateSend(): void {
    this.write(this.time.nowMs(), this.slotDelayMs);
  }

  /** The claim of this dispatch is committed, or it is late and this slot is free: its call begins as soon as it is open. */
  start(dispatchNo: number, delayMs: number): void {
    this.holder = { dispatchNo, delayMs, hasLeft: false };
    this.lastStartedMs = this.nextStartMs(delayMs);
    this.slotDelayMs = delayMs;
    this.startedMs = this.time.nowMs();
  }

  /** Resolves when the call of the dispatch that began last is to be let go, so that it asks just before its slot opens. */
  async waitForStart(delayMs: number): Promise<void> {
    await preciseSleep(this.lastStartedMs - this.time.nowMs() - this.sendLatency.leadMs(delayMs));
    this.startedMs = this.time.nowMs();
  }

  /** The call of this dispatch has left only now: where the next one has its slot already, that one moves. */
  recordSent(dispatchNo: number): void {
    const nowMs = this.time.nowMs();
    if (this.holder === null || this.holder.hasLeft) {
      this.lastStartedMs = nowMs;
    } else if (this.holder.dispatchNo === dispatchNo) {
      this.holder.hasLeft = true;
      this.lastStartedMs = nowMs;
    } else {
      this.lastStartedMs = Math.max(this.lastStartedMs, nowMs + this.holder.delayMs);
    }
  }

  private opensInMs(delayMs: number): number {
    return this.nextOpensMs(delayMs) - this.time.nowMs();
  }

  private nextOpensMs(delayMs: number): number {
    return this.lastStartedMs + Math.max(delayMs, this.slotDelayMs);
  }

  private nextStartMs(delayMs: number): number {
    return Math.max(this.time.nowMs(), this.nextOpensMs(delayMs));
  }

  private write(beganMs: number, delayMs: number): void {
    this.update.run(beganMs, delayMs, this.laneNo);
    this.time.persist();
  }

  /** When a restarted gate would take the last call to have begun. */
  private restartMarginEndMs(): number {
    return Number(this.select.get(this.laneNo)?.['slot_taken_time']) + RESTART_MARGIN_MS;
  }
}
