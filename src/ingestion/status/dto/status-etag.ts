import type { Request, Response } from 'express';
import { toIngestionStatus } from '../../../domain/batch-status.js';
import { versionTag } from '../../../domain/ingestion-version.js';
import type { IngestionEstimate } from '../../estimate/estimate.service.js';
import type { IngestionRecord } from '../../../domain/ingestion.js';
import type { StatusQuery } from './status-query.dto.js';

/** What is completed stays so; a failed list may be sent again. */
const CACHE_TERMINAL = 'private, max-age=86400';
const CACHE_CHANGING = 'private, no-cache';

/** Tells what the answer may be kept for, and by which tag it is known (RFC 9110, section 8.8.3): it gives that. */
export function setCacheHeaders(
  response: Response,
  head: IngestionRecord,
  ingestionEstimate: IngestionEstimate,
  query: StatusQuery,
  batchSize: number,
  state: string,
): string {
  const { idsAhead, startAtMs, completionAtMs } = ingestionEstimate;
  const expected = `${idsAhead.toString(36)}.${(startAtMs ?? 0).toString(36)}.${(completionAtMs ?? 0).toString(36)}`;
  const tag = `"${toEtag(state, query, batchSize)}-${expected}"`;
  response.setHeader('ETag', tag);
  response.setHeader(
    'Cache-Control',
    toIngestionStatus(head) === 'completed' ? CACHE_TERMINAL : CACHE_CHANGING,
  );
  return tag;
}

/** The part of the tag that changes with the ingestion alone, not with what waits before it. */
function toEtag(state: string, { batches, limit, after, include }: StatusQuery, batchSize: number): string {
  const shown = `${String(limit ?? '')}.${after ?? ''}.${String(batchSize)}${include === undefined ? '' : '.r'}`;
  const asked = batches === 'none' ? 'none' : shown;
  return `${state}-${asked}`;
}

/** Whether the ingestion is another one than in any answer that the client holds. */
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

/** Whether the client says that it holds some answer already. */
export function isConditionalRequest(request: Request): boolean {
  return request.headers['if-none-match'] !== undefined;
}
