import type {
  StatisticsRepository,
  MinuteStatistics,
} from '../../../operations/statistics/statistics.repository.js';
import { toMinuteStatistics, type StatisticsRow } from '../../shared/rows/statistics-row.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

/** Stores the statistics of the last day in PostgreSQL, summed over all replicas. */
export class PostgresStatisticsRepository implements StatisticsRepository {
  private readonly upsert: Statement;
  private readonly forget: Statement;
  private readonly select: Statement<StatisticsRow>;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly laneIds: LaneIds,
  ) {
    this.upsert = statement(`
      INSERT INTO ${schema}.history AS kept
        (at, lane_no, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      ON CONFLICT (at, lane_no) DO UPDATE SET
        dispatches = kept.dispatches + excluded.dispatches, ids = kept.ids + excluded.ids,
        completed = kept.completed + excluded.completed, retried = kept.retried + excluded.retried,
        failed = kept.failed + excluded.failed, calls_ms = kept.calls_ms + excluded.calls_ms,
        slowest_ms = greatest(kept.slowest_ms, excluded.slowest_ms),
        high = excluded.high, medium = excluded.medium, low = excluded.low, retries = excluded.retries
    `);
    this.forget = statement(`DELETE FROM ${schema}.history WHERE at < $1`);
    const sum = (...columns: string[]): string =>
      columns.map((column) => `sum(${column})::bigint AS ${column}`).join(', ');
    this.select = statement(`
      SELECT at, ${sum('dispatches', 'ids', 'completed', 'retried', 'failed')},
             sum(calls_ms) AS calls_ms, max(slowest_ms) AS slowest_ms, ${sum('high', 'medium', 'low', 'retries')}
      FROM ${schema}.history WHERE at >= $1 AND ($2::int IS NULL OR lane_no = $2::int) GROUP BY at ORDER BY at
    `);
  }

  async add(lane: string, minuteStatistics: MinuteStatistics, forgetBeforeMs: number): Promise<void> {
    const { laneNo } = await this.laneIds.find(lane);
    const { atMs, dispatches, ids, completed, retried, failed, callsMs, slowestMs, pending } =
      minuteStatistics;
    const { high, medium, low, retries } = pending;
    const counts = [dispatches, ids, completed, retried, failed, callsMs, slowestMs];
    await this.database.writeAll([
      { statement: this.upsert, values: [atMs, laneNo, ...counts, high, medium, low, retries] },
      { statement: this.forget, values: [forgetBeforeMs] },
    ]);
  }

  async read(lane: string | null, sinceMs: number): Promise<MinuteStatistics[]> {
    const laneNo = lane === null ? null : (await this.laneIds.find(lane)).laneNo;
    return (await this.database.read(this.select, [sinceMs, laneNo])).map(toMinuteStatistics);
  }
}
