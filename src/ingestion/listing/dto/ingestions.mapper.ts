import { toIngestionStatus } from '../../../domain/batch-status.js';
import { toLabels } from '../../dto/labels.validator.js';
import { toProgress } from '../../status/dto/status.mapper.js';
import type { IngestionRecord, IngestionCursor } from '../../../domain/ingestion.js';
import type { IngestionFilter, IngestionListPage } from '../ingestion-list.service.js';
import type { IngestionFilterQuery, IngestionsQuery } from './ingestions-query.dto.js';
import type { IngestionList, IngestionSummary } from './ingestions-response.dto.js';

/** Builds the filter. A client limited to its own ingestions sees only those, whatever it requests. */
export function toFilter(query: IngestionFilterQuery, own: string | null): IngestionFilter {
  const client = own ?? query.client;
  return {
    ...(client !== undefined && { client }),
    ...(query.ingestion_id !== undefined && { idPart: query.ingestion_id.toLowerCase() }),
    ...(query.status !== undefined && { status: query.status }),
    ...(query.priority !== undefined && { priority: query.priority }),
    ...(query.lane !== undefined && { lane: query.lane }),
    ...(query.label !== undefined && { labels: toLabels(query.label) }),
    ...(query.created_from !== undefined && { createdFromMs: Date.parse(query.created_from) }),
    ...(query.created_to !== undefined && { createdToMs: Date.parse(query.created_to) }),
  };
}

/** Parses the cursor; null on the first page. */
export function toCursor({ after }: IngestionsQuery): IngestionCursor | null {
  if (after === undefined) {
    return null;
  }
  const [createdAtMs, listedSeq] = after.split('-').map(Number);
  return { createdAtMs: createdAtMs ?? 0, listedSeq: listedSeq ?? 0 };
}

/** Converts a page to the response of the API. */
export function toIngestionList({ ingestions, next }: IngestionListPage): IngestionList {
  return {
    ingestions: ingestions.map(toSummary),
    next: next === null ? null : `${String(next.createdAtMs)}-${String(next.listedSeq)}`,
  };
}

/** Converts an ingestion to an item of a listing. */
export function toSummary(head: IngestionRecord): IngestionSummary {
  return {
    ingestion_id: head.ingestionId,
    status: toIngestionStatus(head),
    priority: head.priority,
    lane: head.lane,
    ...(head.units !== 1 && { units: head.units }),
    client: head.client,
    ...(head.labels !== null && { labels: head.labels }),
    ...(head.notBeforeMs !== null && { not_before: new Date(head.notBeforeMs).toISOString() }),
    ...(head.expiresAtMs !== null && { expires_at: new Date(head.expiresAtMs).toISOString() }),
    ...(head.cancelReason !== null && { cancel_reason: head.cancelReason }),
    created_at: new Date(head.createdAtMs).toISOString(),
    last_updated_at: new Date(head.updatedAtMs).toISOString(),
    progress: toProgress(head),
  };
}
