import type { QueueState } from '../queue-admin/queue.service.js';
import type { QueuedRun, SeenDispatch } from './live.repository.js';

/** A gate at one moment. */
export interface GateLook {
  readonly queue: QueueState;
  readonly upcoming: readonly QueuedRun[];
  /** The newest first. */
  readonly dispatches: readonly SeenDispatch[];
}
