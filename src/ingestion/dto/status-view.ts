import { planBatches, type Batch } from '../batch-plan.js';
import { statusOfIngestion } from '../batch-status.js';
import { unpackIds, type Id } from '../id-list.js';
import type { IngestionSnapshot } from '../ingestion.js';
import type { BatchStatus, StatusResponse } from './status-response.dto.js';

/** An ingestion as the contract shows it. Ids beyond a double are raw JSON, so that `JSON.stringify` writes them exactly. */
export function toStatusResponse(snapshot: IngestionSnapshot, batchSize: number): StatusResponse {
  const { head } = snapshot;
  const ids = unpackIds(snapshot.packedIds).map(toJson);
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

function toJson(id: Id): unknown {
  return typeof id === 'bigint' ? JSON.rawJSON(id.toString()) : id;
}
