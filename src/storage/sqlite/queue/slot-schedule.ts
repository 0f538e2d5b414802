import type { StatementSync } from 'node:sqlite';
import { preciseSleep } from '../../../scheduler/pacing/precise-sleep.js';
import { SendLatency } from '../../../scheduler/pacing/send-latency.js';
import { LatencyEstimator } from '../../../scheduler/pacing/latency-estimator.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';

/**
 * The slot is written before its claim commits, and the request starts afterwards. The last request before a crash may
 * have started this much later than written, so the slot opens this much later after a restart.
 */
const RESTART_MARGIN_MS = 50;

/** Maximum time by which a claim precedes its slot. It lets the commit end before the slot opens. */
const MAX_LEAD_MS = 20;

/**
 * Schedules the dispatches of a lane. The file keeps the last slot for a restart; within a process the actual last
 * start counts.
 */
export class SlotSchedule {
  private readonly select: StatementSync;
  private readonly update: StatementSync;
  /** Lies in the future while a dispatch waits for its slot. */
  private lastStartedMs: number;
  private startedMs = 0;
  /** The delay of the last slot. A shorter delay takes effect with the next slot. */
  private slotDelayMs: number;
  private readonly claimLatency = new LatencyEstimator(0, MAX_LEAD_MS);
  private readonly sendLatency = new SendLatency();
  /** The dispatch that holds the current slot. */
  private holder: { readonly dispatchNo: number; readonly delayMs: number; isSent: boolean } | null = null;

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

  /**
   * Resolves when the request of this dispatch may be sent: at once, or in a later slot if another dispatch took its
   * own.
   */
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

  /**
   * Returns the milliseconds until it is time to claim: zero or less if it is time now, and never more than the delay
   * in effect.
   */
  claimInMs(delayMs: number): number {
    const leadMs = Math.min(this.claimLatency.upperBound(4), MAX_LEAD_MS, delayMs / 4);
    return this.opensInMs(delayMs) - this.sendLatency.leadMs(delayMs) - leadMs;
  }

  /** Records the duration of a claim, its commit included. */
  recordClaimLatency(ms: number): void {
    this.claimLatency.add(ms);
  }

  /** Returns true if a request sent now would be later than a restart allows for. */
  exceedsRestartMargin(): boolean {
    return this.time.nowMs() > this.restartMarginEndMs();
  }

  /** Reserves the slot for a request that will be sent when it opens. It is part of the claim's transaction. */
  reserve(delayMs: number): void {
    this.write(this.nextStartMs(delayMs), delayMs);
  }

  /** Persists a send that was later than the restart margin allows for. */
  recordLateSend(): void {
    this.write(this.time.nowMs(), this.slotDelayMs);
  }

  /**
   * Assigns the next slot to this dispatch, either after the commit of its claim or because it is late and the slot is
   * free. Its request is sent as soon as the slot opens.
   */
  start(dispatchNo: number, delayMs: number): void {
    this.holder = { dispatchNo, delayMs, isSent: false };
    this.lastStartedMs = this.nextStartMs(delayMs);
    this.slotDelayMs = delayMs;
    this.startedMs = this.time.nowMs();
  }

  /**
   * Resolves when the request of the last started dispatch must be started so that it is ready to be sent just before
   * its slot opens.
   */
  async waitForStart(delayMs: number): Promise<void> {
    await preciseSleep(this.lastStartedMs - this.time.nowMs() - this.sendLatency.leadMs(delayMs));
    this.startedMs = this.time.nowMs();
  }

  /**
   * Records that the request of this dispatch was sent now. If the next dispatch already holds a slot, that slot moves.
   */
  recordSent(dispatchNo: number): void {
    const nowMs = this.time.nowMs();
    if (this.holder === null || this.holder.isSent) {
      this.lastStartedMs = nowMs;
    } else if (this.holder.dispatchNo === dispatchNo) {
      this.holder.isSent = true;
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

  private write(startedMs: number, delayMs: number): void {
    this.update.run(startedMs, delayMs, this.laneNo);
    this.time.persist();
  }

  /** Returns the latest time at which the last request may have started, as a restarted process assumes. */
  private restartMarginEndMs(): number {
    return Number(this.select.get(this.laneNo)?.['slot_taken_time']) + RESTART_MARGIN_MS;
  }
}
