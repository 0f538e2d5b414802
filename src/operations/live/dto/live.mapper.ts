import { toBatchId } from '../../../domain/batch-id.js';
import { idsToJson } from '../../../domain/ids-to-json.js';
import { toQueueResponse } from '../../queue-admin/dto/queue.mapper.js';
import type { LaneSnapshot } from '../lane-snapshot.js';
import type { QueuedIds, DispatchSnapshot } from '../live.repository.js';
import type { QueuedRunView } from './upcoming-response.dto.js';

/** The queue and its head, as a watcher is told of them. */
export function toLiveQueue({ queue, upcoming }: LaneSnapshot): object {
  return Object.assign({}, toQueueResponse(queue), { next: upcoming.map(toQueuedRunView) });
}

export function toQueuedRunView({ ingestionId, priority, isRetry, packedIds }: QueuedIds): QueuedRunView {
  return { ingestion_id: ingestionId, priority, retry: isRetry, ids: idsToJson(packedIds) };
}

/** A dispatch as a watcher is told of it; of a long part only the first ids, and how many they are in all. */
export function toLiveDispatch(dispatch: DispatchSnapshot): object {
  const { startedAtMs, endedAtMs, ending, parts, unsuccessful } = dispatch;
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    dispatch_id: dispatch.dispatchId,
    started_at: new Date(startedAtMs).toISOString(),
    ended_at: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
    duration_ms: endedAtMs === null ? null : Math.max(0, endedAtMs - startedAtMs),
    outcome: ending ?? 'in_flight',
    completed: ending === 'settled' ? size - unsuccessful : 0,
    unsuccessful: ending === 'settled' ? unsuccessful : 0,
    parts: parts.map((part) => ({
      ingestion_id: part.ingestionId,
      batch_id: toBatchId(part.ingestionId, part.batchNo),
      priority: part.priority,
      size: part.size,
      retry: part.isRetry,
      ids: idsToJson(part.packedIds),
    })),
  };
}
