import { batchIdOf } from './batch-id.js';
import { statusOfBatch, type Status } from './batch-status.js';
import type { IngestionSnapshot } from './ingestion.js';

/** A batch as clients see it: begun, or planned. */
export interface Batch {
  readonly batchId: string;
  readonly first: number;
  readonly size: number;
  readonly status: Status;
  readonly error: string | null;
}

/**
 * Every batch of an ingestion in the order of its ids: those begun as they are, and the ids not sent yet in groups of
 * `batchSize`. Numbering makes their ids, so a planned batch keeps its id however its ids regroup.
 */
export function planBatches({ head, begun }: IngestionSnapshot, batchSize: number): Batch[] {
  const batches = begun.map((batch, batchNo): Batch => ({
    batchId: batchIdOf(head.ingestionId, batchNo),
    first: batch.first,
    size: batch.size,
    status: statusOfBatch(batch),
    error: batch.error,
  }));
  for (let first = head.taken; first < head.total; first += batchSize) {
    batches.push({
      batchId: batchIdOf(head.ingestionId, batches.length),
      first,
      size: Math.min(batchSize, head.total - first),
      status: 'yet_to_start',
      error: null,
    });
  }
  return batches;
}
