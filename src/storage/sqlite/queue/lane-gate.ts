import {
  isGateClosed,
  type GateReading,
  type LaneSelection,
} from '../../../scheduler/queue/queue.repository.js';
import { assertLaneRow } from '../../shared/rows/lane-row.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';

type Slot = LaneSelection['slot'];

/**
 * The slot is written before its claim commits, and the call is sent afterwards. The last call before a crash may have
 * been sent this much later than written, so the slot opens this much later after a restart.
 */
export const RESTART_MARGIN_MS = 50;

interface GateRow {
  readonly paused_at: number | null;
  readonly held_until_time: number;
  readonly slot_taken_time: number;
  readonly slot_delay_ms: number;
  readonly settings_version: number;
  readonly ceiling_calls: number;
  readonly ceiling_until_time: number;
}

/**
 * The gate of a lane. The file keeps the last slot for a restart. Only this process takes slots, so the last slot and the
 * claim epoch are in memory too.
 */
export class LaneGate {
  private readonly select: PreparedStatement<GateRow>;
  private readonly update: PreparedStatement;
  private readonly spendCalls: PreparedStatement;
  private epoch = 0;
  /** Store time at which the last call was sent, or will be. */
  private lastSendTime: number;
  private slotDelayMs: number;
  /** The latest store time until which the upstream accepts a known number of calls. */
  private ceilingUntilTime: number;

  constructor(
    database: SqliteDatabase,
    private readonly time: StoreClock,
    readonly laneNo: number,
  ) {
    this.select = database.prepare(
      `SELECT paused_at, held_until_time, slot_taken_time, slot_delay_ms, settings_version, ceiling_calls, ceiling_until_time
       FROM gate WHERE lane_no = ?`,
    );
    this.spendCalls = database.prepare(`
      UPDATE gate SET ceiling_calls = max(0, ceiling_calls - :calls),
        held_until_time = iif(ceiling_calls <= :calls, max(held_until_time, ceiling_until_time), held_until_time)
      WHERE lane_no = :laneNo AND ceiling_until_time > :nowMs
    `);
    this.update = database.prepare(
      'UPDATE gate SET slot_taken_time = ?, slot_delay_ms = ? WHERE lane_no = ?',
    );
    const row = this.readRow();
    this.lastSendTime = Math.min(row.slot_taken_time + RESTART_MARGIN_MS, time.nowMs());
    this.slotDelayMs = row.slot_delay_ms;
    this.ceilingUntilTime = row.ceiling_until_time;
  }

  isAt(epoch: number): boolean {
    return this.epoch === epoch;
  }

  /** Returns true if the lane is neither paused nor held by its upstream. */
  isOpen(): boolean {
    return !isGateClosed(this.read(this.time.nowMs()));
  }

  read(nowMs: number): GateReading {
    const row = this.readRow();
    return {
      epoch: this.epoch,
      lastSendInMs: this.lastSendTime - nowMs,
      slotDelayMs: this.slotDelayMs,
      isPaused: row.paused_at !== null,
      heldForMs: row.held_until_time - nowMs,
      settingsVersion: row.settings_version,
      callsLeft: row.ceiling_until_time > nowMs ? row.ceiling_calls : Number.POSITIVE_INFINITY,
    };
  }

  /** Writes the slot as part of a transaction. Call {@link taken} after its commit. */
  write({ sendWithinMs, delayMs }: Slot): void {
    this.update.run(this.time.nowMs() + sendWithinMs, delayMs, this.laneNo);
  }

  /** Takes the calls of a claim from those that the upstream still accepts, as part of its transaction. */
  spend(calls: number): void {
    const nowMs = this.time.nowMs();
    if (this.ceilingUntilTime > nowMs) {
      this.spendCalls.run({ laneNo: this.laneNo, calls, nowMs });
    }
  }

  /** Records that the upstream accepts a known number of calls until this store time. */
  limitedUntil(time: number): void {
    this.ceilingUntilTime = Math.max(this.ceilingUntilTime, time);
  }

  /** Records that {@link write} is committed. Returns the new epoch. */
  taken({ sendWithinMs, delayMs }: Slot): number {
    this.lastSendTime = this.time.nowMs() + sendWithinMs;
    this.slotDelayMs = delayMs;
    return this.raise();
  }

  /** Makes a claim void that has read the lane before. Returns the new epoch. */
  raise(): number {
    this.epoch += 1;
    return this.epoch;
  }

  /** Records that the settings were changed: claims that have read the lane before are void. */
  settingsChanged(forgetsDelay: boolean): void {
    if (forgetsDelay) {
      this.slotDelayMs = 0;
    }
    this.raise();
  }

  /** Writes as part of a transaction that the last call is sent now. */
  writeSend(): void {
    this.lastSendTime = this.time.nowMs();
    this.update.run(this.lastSendTime, this.slotDelayMs, this.laneNo);
  }

  private readRow(): GateRow {
    return assertLaneRow(this.select.get(this.laneNo), String(this.laneNo));
  }
}
