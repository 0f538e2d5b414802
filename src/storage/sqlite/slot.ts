import type { StatementSync } from 'node:sqlite';
import type { SqliteDatabase } from './sqlite-database.js';
import type { SteadyTime } from './steady-time.js';

/**
 * The slot is written before its claim commits, and the call begins after. The last call before a crash may have
 * begun this much later than written, so a restarted gate waits this much longer.
 */
const RESTART_MARGIN_MS = 50;

/** When the next dispatch may begin: kept in the file for a restart; within a process the last start itself counts. */
export class Slot {
  private readonly update: StatementSync;
  private lastBeganMs: number;

  constructor(
    database: SqliteDatabase,
    private readonly time: SteadyTime,
  ) {
    this.update = database.prepare('UPDATE gate SET slot_taken_time = ?');
    this.lastBeganMs = Math.min(readSlotTakenTime(database) + RESTART_MARGIN_MS, time.nowMs());
  }

  /** Zero or less when a dispatch may begin now; never more than `delayMs`. */
  opensInMs(delayMs: number): number {
    return this.lastBeganMs + delayMs - this.time.nowMs();
  }

  /** Part of the claim's transaction. */
  take(): void {
    this.update.run(this.time.nowMs());
    this.time.keep();
  }

  /** A claim is committed and its call begins now, or has left only now. */
  begin(): void {
    this.lastBeganMs = this.time.nowMs();
  }
}

function readSlotTakenTime(database: SqliteDatabase): number {
  const row = database.prepare('SELECT slot_taken_time FROM gate').get();
  return Number(row?.['slot_taken_time']);
}
