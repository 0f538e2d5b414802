import type { Request, Response } from 'express';
import { versionTag } from '../../../domain/ingestion-version.js';
import { toHeldByResponse } from '../../../platform/openapi/held-by-response.dto.js';
import type { IngestionEstimate } from '../../estimate/estimate.service.js';
import type { IngestionRecord } from '../../../domain/ingestion.js';
import type { StatusQuery } from './status-query.dto.js';

/**
 * A client may keep the status and must ask with its entity tag before it uses it: its key may have ended, and the
 * ingestion may have been removed. Results are not kept.
 */
const CACHE_STATUS = 'private, no-cache';
const CACHE_RESULTS = 'no-store';

/** Sets the caching headers and returns the entity tag (RFC 9110, section 8.8.3). */
export function setCacheHeaders(
  response: Response,
  ingestionEstimate: IngestionEstimate,
  query: StatusQuery,
  batchSize: number,
  state: string,
): string {
  const tag = `"${toEtag(state, query, batchSize)}-${toEstimateTag(ingestionEstimate)}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', query.include === 'results' ? CACHE_RESULTS : CACHE_STATUS);
  return tag;
}

/** Builds the part of the tag that depends only on the ingestion, not on the ids ahead of it. */
function toEtag(state: string, { batches, limit, after, include }: StatusQuery, batchSize: number): string {
  const shown = `${String(limit ?? '')}.${after ?? ''}.${String(batchSize)}${include === undefined ? '' : '.r'}`;
  const asked = batches === 'none' ? 'none' : shown;
  return `${state}-${asked}`;
}

/** Builds the part of the tag that depends on the lane. It differs wherever the text of the estimate does. */
function toEstimateTag(ingestionEstimate: IngestionEstimate): string {
  const { idsAhead, startAtMs, completionAtMs, unknownBecause, heldBy } = ingestionEstimate;
  const numbers = [idsAhead, startAtMs ?? 0, completionAtMs ?? 0].map((each) => each.toString(36));
  const held = toHeldByResponse(heldBy);
  const cause =
    held === null
      ? []
      : [held.kind, held.since ?? '', held.until ?? '', held.limit?.replace(/[^\w]/g, '_') ?? ''];
  return [...numbers, ...(unknownBecause === null ? [] : [unknownBecause]), ...cause].join('.');
}

/** Returns true if the ingestion differs from every version that the client holds. */
export function hasChangedSince(
  request: Request,
  head: IngestionRecord,
  query: StatusQuery,
  batchSize: number,
): boolean {
  return !(request.headers['if-none-match'] ?? '').includes(
    `"${toEtag(versionTag(head), query, batchSize)}-`,
  );
}

/** Returns true if the client says that it holds a cached response. */
export function isConditionalRequest(request: Request): boolean {
  return request.headers['if-none-match'] !== undefined;
}
