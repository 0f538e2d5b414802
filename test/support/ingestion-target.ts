import type { Runtime } from '../../src/domain/runtime.js';
import { IngestionActionsService } from '../../src/ingestion/actions/ingestion-actions.service.js';
import { IngestionListService } from '../../src/ingestion/listing/ingestion-list.service.js';
import { IngestionTarget } from '../../src/operations/bulk-actions/ingestion-target.js';
import { AuditTrail } from '../../src/platform/telemetry/audit-trail.js';
import { DispatchEvents } from '../../src/scheduler/dispatch/dispatch-events.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import type { StoragePorts } from '../../src/storage/ports.js';
import { schedulerOptions } from './options.js';

/** Creates what bulk actions use to change the lists of a store. */
export function ingestionTargetOf(
  { dispatches, ingestions }: Pick<StoragePorts, 'dispatches' | 'ingestions'>,
  runtime: Runtime,
  queue = new PriorityQueue(dispatches, schedulerOptions(), runtime),
): IngestionTarget {
  const trail = new AuditTrail(runtime);
  const actions = new IngestionActionsService(ingestions, new DispatchEvents(), queue, runtime, trail);
  return new IngestionTarget(new IngestionListService(ingestions, runtime), ingestions, actions, runtime);
}
