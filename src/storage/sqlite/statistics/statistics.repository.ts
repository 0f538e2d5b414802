import type {
  StatisticsRepository,
  MinuteStatistics,
  StatisticsPeriod,
  StatisticsRetention,
} from '../../../operations/statistics/statistics.repository.js';
import { toMinuteStatistics, type StatisticsRow } from '../../shared/rows/statistics-row.js';
import { HISTORY_TABLES, HOUR_MS } from '../../shared/statistics-tables.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

interface PeriodStatements {
  readonly upsert: PreparedStatement;
  readonly forget: PreparedStatement;
  readonly select: PreparedStatement<StatisticsRow>;
}

/** Stores statistics by minute and by hour in the embedded store. */
export class SqliteStatisticsRepository implements StatisticsRepository {
  private readonly statements: Readonly<Record<StatisticsPeriod, PeriodStatements>>;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly laneIds: LaneIds,
  ) {
    this.statements = {
      minute: prepareFor(database, HISTORY_TABLES.minute),
      hour: prepareFor(database, HISTORY_TABLES.hour),
    };
  }

  async add(
    lane: string,
    { atMs, pending, ...counts }: MinuteStatistics,
    { minutesBeforeMs, hoursBeforeMs }: StatisticsRetention,
  ): Promise<void> {
    const row = { laneNo: this.laneIds.toNumber(lane), ...counts, ...pending };
    const { minute, hour } = this.statements;
    this.database.write(() => {
      minute.upsert.run({ at: atMs, ...row });
      hour.upsert.run({ at: Math.floor(atMs / HOUR_MS) * HOUR_MS, ...row });
      minute.forget.run(minutesBeforeMs);
      hour.forget.run(hoursBeforeMs);
    });
  }

  async read(lane: string | null, sinceMs: number, period: StatisticsPeriod): Promise<MinuteStatistics[]> {
    const laneNo = lane === null ? null : this.laneIds.toNumber(lane);
    const { select } = this.statements[period];
    return this.database.read(() => select.all({ sinceMs, laneNo })).map(toMinuteStatistics);
  }
}

function prepareFor(database: SqliteDatabase, table: string): PeriodStatements {
  return {
    upsert: database.prepare(`
      INSERT INTO ${table} (at, lane_no, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries)
      VALUES (:at, :laneNo, :dispatches, :ids, :completed, :retried, :failed, :callsMs, :slowestMs, :high, :medium, :low, :retries)
      ON CONFLICT (at, lane_no) DO UPDATE SET
        dispatches = dispatches + excluded.dispatches, ids = ids + excluded.ids,
        completed = completed + excluded.completed, retried = retried + excluded.retried,
        failed = failed + excluded.failed, calls_ms = calls_ms + excluded.calls_ms,
        slowest_ms = max(slowest_ms, excluded.slowest_ms),
        high = excluded.high, medium = excluded.medium, low = excluded.low, retries = excluded.retries
    `),
    forget: database.prepare(`DELETE FROM ${table} WHERE at < ?`),
    select: database.prepare(`
      SELECT at, sum(dispatches) AS dispatches, sum(ids) AS ids, sum(completed) AS completed,
             sum(retried) AS retried, sum(failed) AS failed, sum(calls_ms) AS calls_ms, max(slowest_ms) AS slowest_ms,
             sum(high) AS high, sum(medium) AS medium, sum(low) AS low, sum(retries) AS retries
      FROM ${table} WHERE at >= :sinceMs AND (:laneNo IS NULL OR lane_no = :laneNo) GROUP BY at ORDER BY at
    `),
  };
}
