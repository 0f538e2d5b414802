import { toIngestionStatus } from './batch-status.js';
import type { IngestionRecord } from './ingestion.js';
import { toRank } from './priority.js';

/** Nothing more happens to it by itself. */
export function isTerminal(head: IngestionRecord): boolean {
  return ['completed', 'failed', 'cancelled'].includes(toIngestionStatus(head));
}

/** Tells one state of an ingestion from every other. */
export function versionTag(head: IngestionRecord): string {
  const { updatedAtMs, priority, dispatched, completed, failed, cancelled, cancelledAtMs } = head;
  const counts = `${toBase36(dispatched)}-${toBase36(completed)}-${toBase36(failed)}-${toBase36(cancelled)}`;
  return `${toBase36(updatedAtMs)}-${toBase36(toRank(priority))}-${counts}-${toBase36(cancelledAtMs ?? 0)}`;
}

function toBase36(count: number): string {
  return count.toString(36);
}
