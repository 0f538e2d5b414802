import type { StatementSync } from 'node:sqlite';
import { rankOf, type Priority } from '../../ingestion/priority.js';
import { MOST_RETRIES_COUNTED, type QueueStore, type QueueSurvey } from '../../queue/queue.store.js';
import type { Clock } from '../../time/clock.js';
import type { Lanes } from './lanes.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { SteadyTime } from './steady-time.js';

interface SurveyRow {
  paused_at: number | null;
  slot_taken_time: number;
  held_until_time: number;
  retries: number;
  retries_due: number;
  in_flight: number;
}

/** The queue as a whole, in the embedded store. */
export class SqliteQueueStore implements QueueStore {
  private readonly selectSurvey: StatementSync;
  private readonly selectWaiting: StatementSync;
  private readonly selectOldest: StatementSync;
  private readonly countBegun: StatementSync;
  private readonly setPaused: StatementSync;
  private readonly setOpen: StatementSync;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: SteadyTime,
    private readonly clock: Clock,
    private readonly lanes: Lanes,
  ) {
    this.selectSurvey = database.prepare(`
      SELECT paused_at, slot_taken_time, held_until_time,
             (SELECT count(*) FROM (SELECT 1 FROM retry WHERE lane_no = :laneNo LIMIT ${String(MOST_RETRIES_COUNTED)})) AS retries,
             (SELECT count(*) FROM (SELECT 1 FROM retry WHERE lane_no = :laneNo AND rank IN (0, 1, 2) AND due_time <= :nowMs
               LIMIT ${String(MOST_RETRIES_COUNTED)})) AS retries_due,
             (SELECT coalesce(sum(size), 0) FROM dispatch JOIN dispatch_part USING (dispatch_no)
              WHERE ended_at IS NULL AND lane_no = :laneNo) AS in_flight
      FROM gate WHERE lane_no = :laneNo
    `);
    this.selectWaiting = database.prepare(
      'SELECT sum(ids) AS ids FROM waiting_sum WHERE lane_no = ? AND rank = ? AND level = 3',
    );
    this.selectOldest = database.prepare(
      'SELECT accepted_time FROM ingestion WHERE lane_no = ? AND rank = ? AND taken < total AND cancelled_at IS NULL ORDER BY seq LIMIT 1',
    );
    this.countBegun = database.prepare(`
      SELECT count(*) AS begun FROM (
        SELECT begun_at FROM dispatch WHERE lane_no = :laneNo ORDER BY dispatch_no DESC LIMIT :most
      ) WHERE begun_at > :since
    `);
    this.setPaused = database.prepare('UPDATE gate SET paused_at = coalesce(paused_at, ?) WHERE lane_no = ?');
    this.setOpen = database.prepare('UPDATE gate SET paused_at = NULL WHERE lane_no = ?');
  }

  async survey(lane: string): Promise<QueueSurvey> {
    const laneNo = this.lanes.numberOf(lane);
    return this.database.read(() => {
      const row = this.selectSurvey.get({ laneNo, nowMs: this.time.nowMs() }) as unknown as SurveyRow;
      return {
        pausedAtMs: row.paused_at,
        waiting: {
          HIGH: this.waiting(laneNo, 'HIGH'),
          MEDIUM: this.waiting(laneNo, 'MEDIUM'),
          LOW: this.waiting(laneNo, 'LOW'),
        },
        retriesWaiting: row.retries,
        retriesDue: row.retries_due,
        inFlight: row.in_flight,
        slotTakenMsAgo: this.time.nowMs() - row.slot_taken_time,
        heldForMs: Math.max(0, row.held_until_time - this.time.nowMs()),
      };
    });
  }

  async begunWithin(lane: string, withinMs: number, most: number): Promise<number> {
    const values = { laneNo: this.lanes.numberOf(lane), most, since: this.clock.wallMs() - withinMs };
    return this.database.read(() => Number(this.countBegun.get(values)?.['begun']));
  }

  async oldestWaitingMs(lane: string): Promise<Record<Priority, number | null>> {
    const laneNo = this.lanes.numberOf(lane);
    const nowMs = this.time.nowMs();
    const waitsForMs = (priority: Priority): number | null => {
      const accepted = this.selectOldest.get(laneNo, rankOf(priority))?.['accepted_time'];
      return accepted === undefined ? null : nowMs - Number(accepted);
    };
    return this.database.read(() => ({
      HIGH: waitsForMs('HIGH'),
      MEDIUM: waitsForMs('MEDIUM'),
      LOW: waitsForMs('LOW'),
    }));
  }

  async pause(lane: string): Promise<void> {
    const laneNo = this.lanes.numberOf(lane);
    this.database.write(() => this.setPaused.run(this.clock.wallMs(), laneNo));
  }

  async resume(lane: string): Promise<void> {
    const laneNo = this.lanes.numberOf(lane);
    this.database.write(() => this.setOpen.run(laneNo));
  }

  private waiting(laneNo: number, priority: Priority): number {
    return Number(this.selectWaiting.get(laneNo, rankOf(priority))?.['ids'] ?? 0);
  }
}
