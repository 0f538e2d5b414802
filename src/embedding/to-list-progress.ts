import { toIngestionStatus } from '../domain/batch-status.js';
import type { HeldBy } from '../domain/held-by.js';
import type { IngestionRecord } from '../domain/ingestion.js';
import { computeProgress } from '../domain/progress.js';
import type { IngestionEstimate } from '../ingestion/estimate/estimate.service.js';
import type { ListHeldBy, ListProgress } from './sluice-service.js';

/** Converts an ingestion and its estimate to the status that the application around the service reads. */
export function toListProgress(record: IngestionRecord, estimate: IngestionEstimate): ListProgress {
  const { ingestionId, lane, priority, labels, units, cancelReason, createdAtMs, updatedAtMs } = record;
  return {
    ingestionId,
    lane,
    priority,
    status: toIngestionStatus(record),
    labels: labels ?? {},
    units,
    notBefore: toDate(record.notBeforeMs),
    expiresAt: toDate(record.expiresAtMs),
    cancelReason,
    createdAt: new Date(createdAtMs),
    lastUpdatedAt: new Date(updatedAtMs),
    ...computeProgress(record),
    idsAhead: estimate.idsAhead,
    estimatedStartAt: toDate(estimate.startAtMs),
    estimatedCompletionAt: toDate(estimate.completionAtMs),
    estimateUnknown: estimate.unknownBecause,
    heldBy: toListHeldBy(estimate.heldBy),
  };
}

function toListHeldBy(heldBy: HeldBy | null): ListHeldBy | null {
  if (heldBy === null) {
    return null;
  }
  const { kind, sinceMs, untilMs, limit, text } = heldBy;
  return { kind, since: toDate(sinceMs), until: toDate(untilMs), limit, text };
}

function toDate(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
