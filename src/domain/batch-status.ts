import type { StartedBatch, IngestionRecord } from './ingestion.js';

export const STATUSES = ['yet_to_start', 'triggered', 'completed', 'failed', 'cancelled'] as const;

/** The state of a batch or of an ingestion; docs/design/status.md draws the transitions. */
export type Status = (typeof STATUSES)[number];

/** The status of a batch that has begun. */
export function toBatchStatus(
  batch: Pick<StartedBatch, 'size' | 'completed' | 'failed' | 'cancelled'>,
): Status {
  if (batch.completed + batch.failed + batch.cancelled < batch.size) {
    return 'triggered';
  }
  if (batch.cancelled > 0) {
    return 'cancelled';
  }
  return batch.failed === 0 ? 'completed' : 'failed';
}

/** The overall status, from the counts alone: it agrees with the batches without reading them. */
export function toIngestionStatus(head: IngestionRecord): Status {
  if (head.dispatched === 0 && head.cancelledAtMs === null) {
    return 'yet_to_start';
  }
  return toBatchStatus({ ...head, size: head.total });
}
