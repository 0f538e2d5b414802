import { statusOfIngestion } from '../batch-status.js';
import type { IngestionHead } from '../ingestion.js';
import { progressOf } from '../progress.js';
import type { BatchOfIds, StatusPage } from '../status.service.js';
import { idsToJson } from './ids-json.js';
import type { BatchStatus, ProgressResponse, StatusResponse } from './status-response.dto.js';

/** An ingestion as the contract shows it; `isPaged` says where the next page begins. */
export function toStatusResponse({ head, batches, next }: StatusPage, isPaged = false): StatusResponse {
  return {
    ingestion_id: head.ingestionId,
    status: statusOfIngestion(head),
    batches: batches.map(toBatchStatus),
    ...(isPaged && { next: next === null ? null : String(next) }),
    ...behindBatches(head),
  };
}

/** The same without its batches. */
export function toStatusHead(head: IngestionHead): Omit<StatusResponse, 'batches'> {
  return { ingestion_id: head.ingestionId, status: statusOfIngestion(head), ...behindBatches(head) };
}

/** The text of {@link toStatusResponse} over several pages, a page at a time. */
export async function* writeStatus(
  first: StatusPage,
  others: AsyncIterable<StatusPage>,
): AsyncGenerator<string, void> {
  const { head } = first;
  const before = { ingestion_id: head.ingestionId, status: statusOfIngestion(head) };
  yield `${JSON.stringify(before).slice(0, -1)},"batches":[${toText(first)}`;
  for await (const page of others) {
    yield `,${toText(page)}`;
  }
  yield `],${JSON.stringify(behindBatches(head)).slice(1)}`;
}

function toText({ batches }: StatusPage): string {
  return batches.map((batch) => JSON.stringify(toBatchStatus(batch))).join(',');
}

export function toBatchStatus(batch: BatchOfIds): BatchStatus {
  return {
    batch_id: batch.batchId,
    ids: idsToJson(batch.packedIds),
    status: batch.status,
    ...(batch.error !== null && { error: batch.error }),
  };
}

export function behindBatches(
  head: IngestionHead,
): Pick<StatusResponse, 'priority' | 'lane' | 'created_at' | 'last_updated_at' | 'progress'> {
  return {
    priority: head.priority,
    lane: head.lane,
    created_at: new Date(head.createdAtMs).toISOString(),
    last_updated_at: new Date(head.updatedAtMs).toISOString(),
    progress: toProgress(head),
  };
}

export function toProgress(head: IngestionHead): ProgressResponse {
  const { total, yetToStart, inFlight, ...outcomes } = progressOf(head);
  return { total, yet_to_start: yetToStart, in_flight: inFlight, ...outcomes };
}
