import type {
  StatisticsRepository,
  MinuteStatistics,
} from '../../../operations/statistics/statistics.repository.js';
import { toMinuteStatistics, type StatisticsRow } from '../../shared/rows/statistics-row.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Stores the statistics of the last day in the embedded store. */
export class SqliteStatisticsRepository implements StatisticsRepository {
  private readonly upsert: PreparedStatement;
  private readonly forget: PreparedStatement;
  private readonly select: PreparedStatement<StatisticsRow>;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly laneIds: LaneIds,
  ) {
    this.upsert = database.prepare(`
      INSERT INTO history (at, lane_no, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries)
      VALUES (:at, :laneNo, :dispatches, :ids, :completed, :retried, :failed, :callsMs, :slowestMs, :high, :medium, :low, :retries)
      ON CONFLICT (at, lane_no) DO UPDATE SET
        dispatches = dispatches + excluded.dispatches, ids = ids + excluded.ids,
        completed = completed + excluded.completed, retried = retried + excluded.retried,
        failed = failed + excluded.failed, calls_ms = calls_ms + excluded.calls_ms,
        slowest_ms = max(slowest_ms, excluded.slowest_ms),
        high = excluded.high, medium = excluded.medium, low = excluded.low, retries = excluded.retries
    `);
    this.forget = database.prepare('DELETE FROM history WHERE at < ?');
    this.select = database.prepare(`
      SELECT at, sum(dispatches) AS dispatches, sum(ids) AS ids, sum(completed) AS completed,
             sum(retried) AS retried, sum(failed) AS failed, sum(calls_ms) AS calls_ms, max(slowest_ms) AS slowest_ms,
             sum(high) AS high, sum(medium) AS medium, sum(low) AS low, sum(retries) AS retries
      FROM history WHERE at >= :sinceMs AND (:laneNo IS NULL OR lane_no = :laneNo) GROUP BY at ORDER BY at
    `);
  }

  async add(
    lane: string,
    { atMs: at, pending, ...counts }: MinuteStatistics,
    forgetBeforeMs: number,
  ): Promise<void> {
    const laneNo = this.laneIds.toNumber(lane);
    this.database.write(() => {
      this.upsert.run({ at, laneNo, ...counts, ...pending });
      this.forget.run(forgetBeforeMs);
    });
  }

  async read(lane: string | null, sinceMs: number): Promise<MinuteStatistics[]> {
    const laneNo = lane === null ? null : this.laneIds.toNumber(lane);
    return this.database.read(() => this.select.all({ sinceMs, laneNo })).map(toMinuteStatistics);
  }
}
