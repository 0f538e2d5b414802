import { toBatchId } from '../../../domain/batch-id.js';
import { idsToJson } from '../../../domain/ids-to-json.js';
import { toLabels } from '../../../ingestion/dto/labels.validator.js';
import type {
  DeadLetter,
  DeadLetterCounts,
  DeadLetterCursor,
  DeadLetterFilter,
} from '../dead-letter.repository.js';
import type { DeadLetterTotals } from '../dead-letter-totals.js';
import type { DeadLetterListPage } from '../dead-letters.service.js';
import type { DeadLetterFilterQuery, DeadLetterPageQuery } from './dead-letter-query.dto.js';
import {
  MAX_COUNTED_PER_KIND,
  type DeadLetterCountsResponse,
  type DeadLetterPage,
  type DeadLetterView,
} from './dead-letter-response.dto.js';

export function toDeadLetterFilter(query: DeadLetterFilterQuery): DeadLetterFilter {
  return {
    ...(query.ingestion_id !== undefined && { ingestionId: query.ingestion_id }),
    ...(query.kind !== undefined && { kind: query.kind }),
    ...(query.lane !== undefined && { lane: query.lane }),
    ...(query.message !== undefined && { message: query.message }),
    ...(query.upstream_status !== undefined && { upstreamStatus: query.upstream_status }),
    ...(query.label !== undefined && { labels: toLabels(query.label) }),
    ...(query.client !== undefined && { client: query.client }),
    ...(query.failed_from !== undefined && { failedFromMs: Date.parse(query.failed_from) }),
    ...(query.failed_before !== undefined && { failedBeforeMs: Date.parse(query.failed_before) }),
  };
}

/** Parses the cursor; null on the first page. */
export function toDeadLetterCursor({ after }: DeadLetterPageQuery): DeadLetterCursor | null {
  if (after === undefined) {
    return null;
  }
  const [failedAtMs = 0, deadLetterNo = 0] = after.split('-').map(Number);
  return { failedAtMs, deadLetterNo };
}

/** Maps a page of dead letters to its response. */
export function toDeadLetterPage({ letters, next }: DeadLetterListPage): DeadLetterPage {
  return {
    dead_letters: letters.map(toDeadLetterView),
    next: next === null ? null : `${String(next.failedAtMs)}-${String(next.deadLetterNo)}`,
  };
}

export function toDeadLetterView(letter: DeadLetter): DeadLetterView {
  return {
    ingestion_id: letter.ingestionId,
    batch_id: toBatchId(letter.ingestionId, letter.batchNo),
    id: idsToJson(letter.packedId)[0],
    position: letter.position,
    priority: letter.priority,
    lane: letter.lane,
    client: letter.client,
    ...(letter.labels !== null && { labels: letter.labels }),
    died_at: toTime(letter.failedAtMs),
    error: { kind: letter.kind, message: letter.message },
    upstream_status: letter.upstreamStatus,
    attempts: letter.attempts.map(({ attemptedAtMs, kind, message }) => ({
      at: toTime(attemptedAtMs),
      kind,
      message,
    })),
  };
}

export function toDeadLetterCounts(
  { ids, ingestions, groups }: DeadLetterTotals,
  kinds: DeadLetterCounts,
): DeadLetterCountsResponse {
  return {
    total_ids: ids,
    total_ingestions: ingestions,
    groups: groups.map(({ lane, kind, message, ...group }) => ({
      lane,
      kind,
      message,
      upstream_status: group.upstreamStatus,
      ids: group.ids,
      ingestions: group.ingestions,
      first_failed_at: toTime(group.firstFailedAtMs),
      last_failed_at: toTime(group.lastFailedAtMs),
    })),
    max_per_kind: MAX_COUNTED_PER_KIND,
    kinds,
  };
}

function toTime(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
