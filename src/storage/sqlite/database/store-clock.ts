import type { Clock } from '../../../domain/clock.js';
import type { SqliteDatabase } from './database.js';
import type { PreparedStatement } from './prepared-statement.js';

/** The same moment on each clock, in ms. */
interface StoredTime {
  readonly kept_time: number;
  readonly kept_at: number;
  readonly kept_monotonic: number;
}

/**
 * Measures store time of the embedded store in milliseconds. It follows the monotonic clock, so a jump of the wall
 * clock moves no slot, lease, window or retry. After a restart it continues from the last persisted moment.
 */
export class StoreClock {
  private readonly offsetMs: number;
  private readonly update: PreparedStatement;

  constructor(
    database: SqliteDatabase,
    private readonly clock: Clock,
  ) {
    this.update = database.prepare('UPDATE store_clock SET kept_time = ?, kept_at = ?, kept_monotonic = ?');
    const stored = database
      .prepare<StoredTime>(
        'SELECT kept_time, kept_at, kept_monotonic FROM store_clock WHERE kept_time IS NOT NULL',
      )
      .get();
    const startMs = stored === undefined ? clock.wallMs() : timeAfterRestart(stored, clock);
    this.offsetMs = startMs - clock.monotonicMs();
  }

  nowMs(): number {
    return this.clock.monotonicMs() + this.offsetMs;
  }

  /**
   * Persists store time. It is part of every transaction that records when something may be sent, so that a restart
   * cannot fall behind that time.
   */
  persist(): void {
    this.update.run(this.nowMs(), this.clock.wallMs(), this.clock.monotonicMs());
  }
}

/**
 * Returns store time after a restart. Of the time that passed meanwhile only the certain part counts: a dispatch too
 * late costs less than one too early. The monotonic clock is the lower bound, unless it restarted with the machine;
 * then only the wall clock is left.
 */
function timeAfterRestart(stored: StoredTime, clock: Clock): number {
  const byWall = clock.wallMs() - stored.kept_at;
  const byMonotonic = clock.monotonicMs() - stored.kept_monotonic;
  const passed = byMonotonic < 0 ? byWall : Math.min(byWall, byMonotonic);
  return stored.kept_time + Math.max(0, passed);
}
