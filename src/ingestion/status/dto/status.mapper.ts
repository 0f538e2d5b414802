import { toIngestionStatus } from '../../../domain/batch-status.js';
import type { IngestionRecord } from '../../../domain/ingestion.js';
import { computeProgress } from '../../../domain/progress.js';
import type { BatchOfIds, StatusPage } from '../status.service.js';
import { idsToJson } from '../../../domain/ids-to-json.js';
import type { Outlook } from '../../estimate/estimate.service.js';
import type {
  BatchStatus,
  OutlookResponse,
  ProgressResponse,
  StatusHeadResponse,
} from './status-response.dto.js';

/** An ingestion as the contract shows it: `batches` is the text of its batches, {@link toBatchesText}. */
export function toStatusText(head: IngestionRecord, batches: string, outlook: Outlook): string {
  return `${beforeBatches(head)}${batches}]${textBehind(head, outlook)}`;
}

/** One page of it; it says where the next one begins. */
export function toStatusPageText(page: StatusPage, outlook: Outlook): string {
  const { head, next } = page;
  const nextText = next === null ? 'null' : `"${String(next)}"`;
  return `${beforeBatches(head)}${toBatchesText(page)}],"next":${nextText}${textBehind(head, outlook)}`;
}

/** The same without its batches. */
export function toStatusHead(head: IngestionRecord, outlook: Outlook): StatusHeadResponse {
  return { ingestion_id: head.ingestionId, status: toIngestionStatus(head), ...behindBatches(head, outlook) };
}

/** The text of a status over several pages, a page at a time. */
export async function* writeStatus(
  first: StatusPage,
  others: AsyncIterable<StatusPage>,
  outlook: Outlook,
): AsyncGenerator<string, void> {
  yield `${beforeBatches(first.head)}${toBatchesText(first)}`;
  for await (const page of others) {
    yield `,${toBatchesText(page)}`;
  }
  yield `]${textBehind(first.head, outlook)}`;
}

/** The batches of a page, with commas between. */
export function toBatchesText({ batches }: StatusPage): string {
  return batches.map((batch) => JSON.stringify(toBatchStatus(batch))).join(',');
}

function beforeBatches(head: IngestionRecord): string {
  return `{"ingestion_id":"${head.ingestionId}","status":"${toIngestionStatus(head)}","batches":[`;
}

function textBehind(head: IngestionRecord, outlook: Outlook): string {
  return `,${JSON.stringify(behindBatches(head, outlook)).slice(1)}`;
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
  head: IngestionRecord,
  outlook: Outlook,
): Omit<StatusHeadResponse, 'ingestion_id' | 'status'> {
  return {
    priority: head.priority,
    lane: head.lane,
    created_at: new Date(head.createdAtMs).toISOString(),
    last_updated_at: new Date(head.updatedAtMs).toISOString(),
    progress: toProgress(head),
    ...toOutlook(outlook),
  };
}

export function toOutlook({
  idsAhead,
  startAtMs,
  completionAtMs,
}: Outlook): Pick<OutlookResponse, 'ids_ahead' | 'estimated_start_at' | 'estimated_completion_at'> {
  return {
    ids_ahead: idsAhead,
    estimated_start_at: toDate(startAtMs),
    estimated_completion_at: toDate(completionAtMs),
  };
}

function toDate(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

export function toProgress(head: IngestionRecord): ProgressResponse {
  const { total, yetToStart, inFlight, ...outcomes } = computeProgress(head);
  return { total, yet_to_start: yetToStart, in_flight: inFlight, ...outcomes };
}
