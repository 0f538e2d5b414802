import type { StatementSync } from 'node:sqlite';
import { wait } from '../../scheduler/wait.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { SteadyTime } from './steady-time.js';

/**
 * The slot is written before its claim commits, and the call begins after. The last call before a crash may have
 * begun this much later than written, so a restarted gate waits this much longer.
 */
const RESTART_MARGIN_MS = 50;

/** When the next dispatch of a lane may begin: kept in the file for a restart; within a process the last start itself counts. */
export class Slot {
  private readonly select: StatementSync;
  private readonly update: StatementSync;
  private lastBeganMs: number;
  /** Whose call may leave now. */
  private holder: { readonly dispatchNo: number; readonly delayMs: number } | null = null;

  constructor(
    database: SqliteDatabase,
    private readonly time: SteadyTime,
    private readonly laneNo: number,
  ) {
    this.select = database.prepare('SELECT slot_taken_time FROM gate WHERE lane_no = ?');
    this.update = database.prepare('UPDATE gate SET slot_taken_time = ? WHERE lane_no = ?');
    this.lastBeganMs = Math.min(this.afterRestartMs(), time.nowMs());
  }

  /** Resolves when the call of this dispatch may leave: at once, or in a later slot where others took its own. */
  async mayLeave(dispatchNo: number): Promise<void> {
    while (this.holder !== null && this.holder.dispatchNo !== dispatchNo) {
      const { delayMs } = this.holder;
      const opensInMs = this.opensInMs(delayMs);
      if (opensInMs > 0) {
        await wait(opensInMs);
      } else {
        this.begin(dispatchNo, delayMs);
      }
    }
  }

  /** Zero or less when a dispatch may begin now; never more than `delayMs`. */
  opensInMs(delayMs: number): number {
    return this.lastBeganMs + delayMs - this.time.nowMs();
  }

  /** Whether a call that leaves now does so later than a restarted gate would allow for. */
  isBeyondMargin(): boolean {
    return this.time.nowMs() > this.afterRestartMs();
  }

  /** Part of the claim's transaction, or of one of its own where the call left late. */
  take(): void {
    this.update.run(this.time.nowMs(), this.laneNo);
    this.time.keep();
  }

  /** This dispatch's call begins now: its claim is committed, or it is late and this slot is free. */
  begin(dispatchNo: number, delayMs: number): void {
    this.holder = { dispatchNo, delayMs };
    this.callLeft();
  }

  /** A call has left only now. */
  callLeft(): void {
    this.lastBeganMs = this.time.nowMs();
  }

  /** When a restarted gate would take the last call to have begun. */
  private afterRestartMs(): number {
    return Number(this.select.get(this.laneNo)?.['slot_taken_time']) + RESTART_MARGIN_MS;
  }
}
