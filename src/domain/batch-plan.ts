import { toBatchId } from './batch-id.js';
import { toBatchStatus, type Status } from './batch-status.js';
import type { StartedBatch, IngestionRecord, IngestionPage } from './ingestion.js';

/** A batch as clients see it, started or planned. */
export interface Batch {
  readonly batchId: string;
  readonly first: number;
  readonly size: number;
  readonly status: Status;
  readonly error: string | null;
}

/** Counts the batches of an ingestion, started and planned. */
export function countBatches({ dispatched, total, batches }: IngestionRecord, batchSize: number): number {
  return batches + Math.ceil((total - dispatched) / batchSize);
}

/**
 * Lists up to `limit` batches of an ingestion from number `from` on, in the order of its ids: the started batches as
 * stored, then the ids not sent yet in groups of `batchSize`. The id of a planned batch depends only on its number, so
 * it stays the same when the batch size changes. `started` holds the started batches among those requested.
 */
export function planBatches(
  { ingestion, started }: IngestionPage,
  batchSize: number,
  from = 0,
  limit = Number.MAX_SAFE_INTEGER,
): Batch[] {
  const end = Math.min(from + limit, countBatches(ingestion, batchSize));
  const batches: Batch[] = [];
  for (let batchNo = from; batchNo < end; batchNo++) {
    const batchId = toBatchId(ingestion.ingestionId, batchNo);
    const row = batchNo < ingestion.batches ? started[batchNo - from] : undefined;
    batches.push(row === undefined ? planned(ingestion, batchNo, batchId, batchSize) : toBatch(row, batchId));
  }
  return batches;
}

function toBatch(row: StartedBatch, batchId: string): Batch {
  return { batchId, first: row.first, size: row.size, status: toBatchStatus(row), error: row.error };
}

function planned(
  { dispatched, total, batches, cancelledAtMs }: IngestionRecord,
  batchNo: number,
  batchId: string,
  batchSize: number,
): Batch {
  const first = dispatched + (batchNo - batches) * batchSize;
  const status = cancelledAtMs === null ? 'yet_to_start' : 'cancelled';
  return { batchId, first, size: Math.min(batchSize, total - first), status, error: null };
}
