import type { Statistics } from '../statistics.service.js';
import type { MinuteStatistics } from '../statistics.repository.js';
import type { HistoryPoint, HistoryResponse } from './statistics-response.dto.js';

export function toStatisticsResponse({ stepMs, points }: Statistics): HistoryResponse {
  return { step_seconds: stepMs / 1000, points: points.map(toPoint) };
}

function toPoint({ atMs, dispatches, callsMs, slowestMs, ...minute }: MinuteStatistics): HistoryPoint {
  const { ids, completed, retried, failed, pending } = minute;
  const hasCalls = dispatches > 0;
  return {
    at: new Date(atMs).toISOString(),
    dispatches,
    ids_sent: ids,
    completed,
    retried,
    failed,
    latency_mean_ms: hasCalls ? Math.round((callsMs / dispatches) * 10) / 10 : null,
    latency_max_ms: hasCalls ? Math.round(slowestMs * 10) / 10 : null,
    waiting: pending,
  };
}
