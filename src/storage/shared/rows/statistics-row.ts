import type { MinuteStatistics } from '../../../operations/statistics/statistics.repository.js';

/** A row of `history`, or the sum of the rows of a minute. */
export interface StatisticsRow {
  readonly at: number;
  readonly dispatches: number;
  readonly ids: number;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
  readonly calls_ms: number;
  readonly slowest_ms: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly retries: number;
}

export function toMinuteStatistics(row: StatisticsRow): MinuteStatistics {
  const { at, calls_ms: callsMs, slowest_ms: slowestMs, high, medium, low, retries, ...counts } = row;
  return { atMs: at, ...counts, callsMs, slowestMs, pending: { high, medium, low, retries } };
}
