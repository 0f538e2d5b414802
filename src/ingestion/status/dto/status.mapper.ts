import { toIngestionStatus } from '../../../domain/batch-status.js';
import type { IngestionRecord } from '../../../domain/ingestion.js';
import { computeProgress } from '../../../domain/progress.js';
import type { BatchWithIds, StatusPage } from '../status.service.js';
import { toHeldByResponse } from '../../../platform/openapi/held-by-response.dto.js';
import { idsToJson } from '../../../domain/ids-to-json.js';
import type { IngestionEstimate } from '../../estimate/estimate.service.js';
import type {
  BatchStatus,
  OutlookResponse,
  ProgressResponse,
  StatusHeadResponse,
} from './status-response.dto.js';

/** Writes the contract's status response. `batches` is the text of its batches, see {@link toBatchesText}. */
export function toStatusText(
  head: IngestionRecord,
  batches: string,
  ingestionEstimate: IngestionEstimate,
): string {
  return `${statusPrefix(head)}${batches}]${statusSuffix(head, ingestionEstimate)}`;
}

/** Writes one page of a status, with the cursor of the next page. */
export function toStatusPageText(page: StatusPage, ingestionEstimate: IngestionEstimate): string {
  const { ingestion, next } = page;
  const nextText = next === null ? 'null' : `"${String(next)}"`;
  return `${statusPrefix(ingestion)}${toBatchesText(page)}],"next":${nextText}${statusSuffix(ingestion, ingestionEstimate)}`;
}

/** Returns the status without its batches. */
export function toStatusHead(
  head: IngestionRecord,
  ingestionEstimate: IngestionEstimate,
): StatusHeadResponse {
  return {
    ingestion_id: head.ingestionId,
    status: toIngestionStatus(head),
    ...statusFields(head, ingestionEstimate),
  };
}

/** Writes a status that spans several pages, a page at a time. `pages` are texts from {@link toBatchesText}. */
export async function* writeStatus(
  head: IngestionRecord,
  pages: AsyncIterable<string>,
  ingestionEstimate: IngestionEstimate,
): AsyncGenerator<string, void> {
  let before = statusPrefix(head);
  for await (const batches of pages) {
    yield `${before}${batches}`;
    before = ',';
  }
  yield `]${statusSuffix(head, ingestionEstimate)}`;
}

/** Writes the batches of a page, separated by commas. */
export function toBatchesText({ batches }: StatusPage): string {
  return batches.map((batch) => JSON.stringify(toBatchStatus(batch))).join(',');
}

function statusPrefix(head: IngestionRecord): string {
  return `{"ingestion_id":"${head.ingestionId}","status":"${toIngestionStatus(head)}","batches":[`;
}

function statusSuffix(head: IngestionRecord, ingestionEstimate: IngestionEstimate): string {
  return `,${JSON.stringify(statusFields(head, ingestionEstimate)).slice(1)}`;
}

export function toBatchStatus(batch: BatchWithIds): BatchStatus {
  return {
    batch_id: batch.batchId,
    ids: idsToJson(batch.packedIds),
    status: batch.status,
    ...(batch.error !== null && { error: batch.error }),
  };
}

export function statusFields(
  head: IngestionRecord,
  ingestionEstimate: IngestionEstimate,
): Omit<StatusHeadResponse, 'ingestion_id' | 'status'> {
  return {
    priority: head.priority,
    lane: head.lane,
    ...(head.labels !== null && { labels: head.labels }),
    ...(head.units !== 1 && { units: head.units }),
    ...(head.notBeforeMs !== null && { not_before: new Date(head.notBeforeMs).toISOString() }),
    ...(head.expiresAtMs !== null && { expires_at: new Date(head.expiresAtMs).toISOString() }),
    ...(head.cancelReason !== null && { cancel_reason: head.cancelReason }),
    created_at: new Date(head.createdAtMs).toISOString(),
    last_updated_at: new Date(head.updatedAtMs).toISOString(),
    progress: toProgress(head),
    ...toEstimateFields(ingestionEstimate),
  };
}

export function toEstimateFields({
  idsAhead,
  startAtMs,
  completionAtMs,
  unknownBecause,
  heldBy,
}: IngestionEstimate): Pick<OutlookResponse, keyof OutlookResponse> {
  return {
    ids_ahead: idsAhead,
    estimated_start_at: toDate(startAtMs),
    estimated_completion_at: toDate(completionAtMs),
    estimate_unknown: unknownBecause,
    held_by: toHeldByResponse(heldBy),
  };
}

function toDate(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

export function toProgress(head: IngestionRecord): ProgressResponse {
  const { total, yetToStart, inFlight, ...outcomes } = computeProgress(head);
  return { total, yet_to_start: yetToStart, in_flight: inFlight, ...outcomes };
}
