import type { StatementSync } from 'node:sqlite';
import type { Clock } from '../../../domain/clock.js';
import type { SqliteDatabase } from './database.js';

/** One moment on each clock. */
interface StoredTime {
  readonly kept_time: number;
  readonly kept_at: number;
  readonly kept_monotonic: number;
}

/**
 * Store time of the embedded store: milliseconds that follow the monotonic clock, so that a jump of the wall clock
 * moves no slot, lease, window or retry. After a restart it goes on from the last moment that was kept.
 */
export class StoreClock {
  private readonly offsetMs: number;
  private readonly update: StatementSync;

  constructor(
    database: SqliteDatabase,
    private readonly clock: Clock,
  ) {
    this.update = database.prepare('UPDATE store_clock SET kept_time = ?, kept_at = ?, kept_monotonic = ?');
    const kept = database
      .prepare('SELECT kept_time, kept_at, kept_monotonic FROM store_clock WHERE kept_time IS NOT NULL')
      .get();
    const startMs =
      kept === undefined ? clock.wallMs() : timeAfterRestart(kept as unknown as StoredTime, clock);
    this.offsetMs = startMs - clock.monotonicMs();
  }

  nowMs(): number {
    return this.clock.monotonicMs() + this.offsetMs;
  }

  /** Part of each transaction that records when something may go out: a restart then cannot fall behind it. */
  persist(): void {
    this.update.run(this.nowMs(), this.clock.wallMs(), this.clock.monotonicMs());
  }
}

/**
 * Of the time that passed while nobody looked, no more than is certain: a dispatch too late costs less than one too
 * early. The monotonic clock shows no more than that, unless it started anew with the machine; the wall clock then
 * has to be believed.
 */
function timeAfterRestart(kept: StoredTime, clock: Clock): number {
  const byWall = clock.wallMs() - kept.kept_at;
  const byMonotonic = clock.monotonicMs() - kept.kept_monotonic;
  const passed = byMonotonic < 0 ? byWall : Math.min(byWall, byMonotonic);
  return kept.kept_time + Math.max(0, passed);
}
