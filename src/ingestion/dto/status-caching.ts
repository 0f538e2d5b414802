import type { Request, Response } from 'express';
import { statusOfIngestion } from '../batch-status.js';
import { stateOf } from '../ingestion-state.js';
import type { IngestionHead } from '../ingestion.js';
import type { StatusQuery } from './status-query.dto.js';

/** What is completed stays so; a failed list may be sent again. */
const FINAL = 'private, max-age=86400';
const MAY_CHANGE = 'private, no-cache';

/** Tells what the answer may be kept for, and by which tag it is known (RFC 9110, section 8.8.3). */
export function setCaching(
  response: Response,
  head: IngestionHead,
  { batches, limit, after, include }: StatusQuery,
  batchSize: number,
): void {
  const shown = `${String(limit ?? '')}.${after ?? ''}.${String(batchSize)}${include === undefined ? '' : '.r'}`;
  const asked = batches === 'none' ? 'none' : shown;
  response.setHeader('ETag', `"${stateOf(head)}-${asked}"`);
  response.setHeader('Cache-Control', statusOfIngestion(head) === 'completed' ? FINAL : MAY_CHANGE);
}

/** Whether the client says that it holds some answer already. */
export function asksWhetherChanged(request: Request): boolean {
  return request.headers['if-none-match'] !== undefined;
}
