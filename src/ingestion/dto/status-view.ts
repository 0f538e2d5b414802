import { planBatches, type Batch } from '../batch-plan.js';
import { statusOfIngestion } from '../batch-status.js';
import type { IngestionSnapshot } from '../ingestion.js';
import { idsToJson } from './ids-json.js';
import type { BatchStatus, StatusResponse } from './status-response.dto.js';

/** An ingestion as the contract shows it. */
export function toStatusResponse(snapshot: IngestionSnapshot, batchSize: number): StatusResponse {
  const { head } = snapshot;
  const ids = idsToJson(snapshot.packedIds);
  return {
    ingestion_id: head.ingestionId,
    status: statusOfIngestion(head),
    batches: planBatches(snapshot, batchSize).map((batch) => toBatchStatus(batch, ids)),
    priority: head.priority,
    created_at: new Date(head.createdAtMs).toISOString(),
    last_updated_at: new Date(head.updatedAtMs).toISOString(),
  };
}

function toBatchStatus(batch: Batch, ids: readonly unknown[]): BatchStatus {
  return {
    batch_id: batch.batchId,
    ids: ids.slice(batch.first, batch.first + batch.size),
    status: batch.status,
    ...(batch.error !== null && { error: batch.error }),
  };
}
