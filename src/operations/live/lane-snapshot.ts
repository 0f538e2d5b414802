import type { QueueState } from '../queue-admin/queue.service.js';
import type { DispatchRecord } from '../dispatches/dispatch.repository.js';
import type { QueuedIds } from '../queue-admin/queue-admin.repository.js';

/** A snapshot of a lane at one moment. */
export interface LaneSnapshot {
  readonly queue: QueueState;
  readonly upcoming: readonly QueuedIds[];
  /** The newest first. */
  readonly dispatches: readonly DispatchRecord[];
}
