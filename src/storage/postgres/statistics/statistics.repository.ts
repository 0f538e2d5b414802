import type {
  StatisticsRepository,
  MinuteStatistics,
  StatisticsPeriod,
  StatisticsRetention,
} from '../../../operations/statistics/statistics.repository.js';
import { toMinuteStatistics, type StatisticsRow } from '../../shared/rows/statistics-row.js';
import { HISTORY_TABLES, HOUR_MS } from '../../shared/statistics-tables.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

interface PeriodStatements {
  readonly upsert: Statement;
  readonly forget: Statement;
  readonly select: Statement<StatisticsRow>;
}

/** Stores statistics by minute and by hour in PostgreSQL, summed over all replicas. */
export class PostgresStatisticsRepository implements StatisticsRepository {
  private readonly statements: Readonly<Record<StatisticsPeriod, PeriodStatements>>;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly laneIds: LaneIds,
  ) {
    this.statements = {
      minute: statementsFor(`${schema}.${HISTORY_TABLES.minute}`),
      hour: statementsFor(`${schema}.${HISTORY_TABLES.hour}`),
    };
  }

  async add(
    lane: string,
    minuteStatistics: MinuteStatistics,
    { minutesBeforeMs, hoursBeforeMs }: StatisticsRetention,
  ): Promise<void> {
    const { laneNo } = await this.laneIds.find(lane);
    const { atMs, dispatches, ids, completed, retried, failed, callsMs, slowestMs, pending } =
      minuteStatistics;
    const { high, medium, low, retries } = pending;
    const row = [
      laneNo,
      ...[dispatches, ids, completed, retried, failed, callsMs, slowestMs],
      ...[high, medium, low, retries],
    ];
    const { minute, hour } = this.statements;
    await this.database.writeAll([
      { statement: minute.upsert, values: [atMs, ...row] },
      { statement: hour.upsert, values: [Math.floor(atMs / HOUR_MS) * HOUR_MS, ...row] },
      { statement: minute.forget, values: [minutesBeforeMs] },
      { statement: hour.forget, values: [hoursBeforeMs] },
    ]);
  }

  async read(lane: string | null, sinceMs: number, period: StatisticsPeriod): Promise<MinuteStatistics[]> {
    const laneNo = lane === null ? null : (await this.laneIds.find(lane)).laneNo;
    const { select } = this.statements[period];
    return (await this.database.read(select, [sinceMs, laneNo])).map(toMinuteStatistics);
  }
}

function statementsFor(table: string): PeriodStatements {
  const sum = (...columns: string[]): string =>
    columns.map((column) => `sum(${column})::bigint AS ${column}`).join(', ');
  return {
    upsert: statement(`
      INSERT INTO ${table} AS kept
        (at, lane_no, dispatches, ids, completed, retried, failed, calls_ms, slowest_ms, high, medium, low, retries)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      ON CONFLICT (at, lane_no) DO UPDATE SET
        dispatches = kept.dispatches + excluded.dispatches, ids = kept.ids + excluded.ids,
        completed = kept.completed + excluded.completed, retried = kept.retried + excluded.retried,
        failed = kept.failed + excluded.failed, calls_ms = kept.calls_ms + excluded.calls_ms,
        slowest_ms = greatest(kept.slowest_ms, excluded.slowest_ms),
        high = excluded.high, medium = excluded.medium, low = excluded.low, retries = excluded.retries
    `),
    forget: statement(`DELETE FROM ${table} WHERE at < $1`),
    select: statement(`
      SELECT at, ${sum('dispatches', 'ids', 'completed', 'retried', 'failed')},
             sum(calls_ms) AS calls_ms, max(slowest_ms) AS slowest_ms, ${sum('high', 'medium', 'low', 'retries')}
      FROM ${table} WHERE at >= $1 AND ($2::int IS NULL OR lane_no = $2::int) GROUP BY at ORDER BY at
    `),
  };
}
