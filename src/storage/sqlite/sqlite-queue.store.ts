import type { StatementSync } from 'node:sqlite';
import { rankOf, type Priority } from '../../ingestion/priority.js';
import { MOST_RETRIES_COUNTED, type QueueStore, type QueueSurvey } from '../../queue/queue.store.js';
import type { Clock } from '../../time/clock.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { SteadyTime } from './steady-time.js';

interface SurveyRow {
  paused_at: number | null;
  slot_taken_time: number;
  retries: number;
  in_flight: number;
}

/** The queue as a whole, in the embedded store. */
export class SqliteQueueStore implements QueueStore {
  private readonly selectSurvey: StatementSync;
  private readonly selectWaiting: StatementSync;
  private readonly setPaused: StatementSync;
  private readonly setOpen: StatementSync;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: SteadyTime,
    private readonly clock: Clock,
  ) {
    this.selectSurvey = database.prepare(`
      SELECT paused_at, slot_taken_time,
             (SELECT count(*) FROM (SELECT 1 FROM retry LIMIT ${String(MOST_RETRIES_COUNTED)})) AS retries,
             (SELECT coalesce(sum(size), 0) FROM dispatch JOIN dispatch_part USING (dispatch_no)
              WHERE ended_at IS NULL) AS in_flight
      FROM gate
    `);
    this.selectWaiting = database.prepare('SELECT ids FROM waiting_total WHERE rank = ?');
    this.setPaused = database.prepare('UPDATE gate SET paused_at = coalesce(paused_at, ?)');
    this.setOpen = database.prepare('UPDATE gate SET paused_at = NULL');
  }

  async survey(): Promise<QueueSurvey> {
    return this.database.read(() => {
      const row = this.selectSurvey.get() as unknown as SurveyRow;
      return {
        pausedAtMs: row.paused_at,
        waiting: { HIGH: this.waiting('HIGH'), MEDIUM: this.waiting('MEDIUM'), LOW: this.waiting('LOW') },
        retriesWaiting: row.retries,
        inFlight: row.in_flight,
        slotTakenMsAgo: this.time.nowMs() - row.slot_taken_time,
      };
    });
  }

  async pause(): Promise<void> {
    this.database.write(() => this.setPaused.run(this.clock.wallMs()));
  }

  async resume(): Promise<void> {
    this.database.write(() => this.setOpen.run());
  }

  private waiting(priority: Priority): number {
    return Number(this.selectWaiting.get(rankOf(priority))?.['ids']);
  }
}
