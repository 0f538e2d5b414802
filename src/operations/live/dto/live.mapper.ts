import { toBatchId } from '../../../domain/batch-id.js';
import { idsToJson } from '../../../domain/ids-to-json.js';
import { toQueueResponse } from '../../queue-admin/dto/queue.mapper.js';
import type { LaneSnapshot } from '../lane-snapshot.js';
import { countSuccesses } from '../../dispatches/count-successes.js';
import type { DispatchRecord } from '../../dispatches/dispatch.repository.js';
import type { QueuedIds } from '../../queue-admin/queue-admin.repository.js';
import type { QueuedRunView } from './upcoming-response.dto.js';

/** Maps the queue and its head to a live event. */
export function toLiveQueue({ queue, upcoming }: LaneSnapshot): object {
  return Object.assign({}, toQueueResponse(queue), { next: upcoming.map(toQueuedRunView) });
}

export function toQueuedRunView({ ingestionId, priority, isRetry, packedIds }: QueuedIds): QueuedRunView {
  return { ingestion_id: ingestionId, priority, retry: isRetry, ids: idsToJson(packedIds) };
}

/** Maps a dispatch to a live event, with the first ids of a long part and the number of all. */
export function toLiveDispatch(dispatch: DispatchRecord): object {
  const { startedAtMs, endedAtMs, ending, parts } = dispatch;
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const errors = parts.reduce((sum, part) => sum + part.unsuccessful, 0);
  return {
    dispatch_id: dispatch.dispatchId,
    started_at: new Date(startedAtMs).toISOString(),
    ended_at: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
    duration_ms: endedAtMs === null ? null : Math.max(0, endedAtMs - startedAtMs),
    outcome: ending ?? 'in_flight',
    ...countSuccesses(dispatch, size, errors),
    parts: parts.map((part) => ({
      ingestion_id: part.ingestionId,
      batch_id: toBatchId(part.ingestionId, part.batchNo),
      priority: part.priority,
      size: part.size,
      retry: part.failures > 0,
      ids: idsToJson(part.packedIds),
    })),
  };
}
