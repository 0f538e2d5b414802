import { idsToJson } from '../../../domain/ids-to-json.js';
import type { Result } from '../../results/result.service.js';
import type { FoundId, IdSearchCursor, IdSearchPage } from '../id-search.service.js';
import type { FoundIdView, IdSearchQuery, IdSearchView } from './id-search.dto.js';

/** Parses the cursor; null on the first page. */
export function toSearchCursor({ after }: IdSearchQuery): IdSearchCursor | null {
  if (after === undefined) {
    return null;
  }
  const [createdAtMs = 0, listedSeq = 0, insideSeq, from] = after.split('-').map(Number);
  return {
    place: { createdAtMs, listedSeq },
    inside: insideSeq === undefined || from === undefined ? null : { listedSeq: insideSeq, from },
  };
}

/** Converts a part of the search to the response of the API; ingestions that were deleted meanwhile are left out. */
export function toIdSearchView(
  packedId: Uint8Array,
  page: IdSearchPage,
  results: readonly (Result | null)[],
): IdSearchView {
  return {
    id: idsToJson(packedId)[0],
    found: page.found.flatMap((found, i) => {
      const result = results[i] ?? null;
      return result === null ? [] : [toFoundView(found, result)];
    }),
    searched_ids: page.searchedIds,
    searched_ingestions: page.searchedIngestions,
    searched_to: page.searchedToMs === null ? null : new Date(page.searchedToMs).toISOString(),
    next: page.next === null ? null : writeCursor(page.next),
  };
}

function toFoundView({ ingestion, position }: FoundId, { status, error }: Result): FoundIdView {
  return {
    ingestion_id: ingestion.ingestionId,
    position,
    status,
    ...(error !== undefined && { error }),
    lane: ingestion.lane,
    priority: ingestion.priority,
    created_at: new Date(ingestion.createdAtMs).toISOString(),
  };
}

function writeCursor({ place, inside }: IdSearchCursor): string {
  const start = `${String(place.createdAtMs)}-${String(place.listedSeq)}`;
  return inside === null ? start : `${start}-${String(inside.listedSeq)}-${String(inside.from)}`;
}
