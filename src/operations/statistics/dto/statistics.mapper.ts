import type { History } from '../statistics.service.js';
import type { Minute } from '../statistics.repository.js';
import type { HistoryPoint, HistoryResponse } from './statistics-response.dto.js';

export function toHistoryResponse({ stepMs, points }: History): HistoryResponse {
  return { step_seconds: stepMs / 1000, points: points.map(toPoint) };
}

function toPoint({ atMs, dispatches, callsMs, slowestMs, ...minute }: Minute): HistoryPoint {
  const { ids, completed, retried, failed, waiting } = minute;
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
    waiting,
  };
}
