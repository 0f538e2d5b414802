import { toIngestionStatus } from './batch-status.js';
import type { IngestionRecord } from './ingestion.js';
import { toRank } from './priority.js';

/** Returns true if every id has its outcome or was cancelled. Only a redrive changes such an ingestion. */
export function isTerminal(head: IngestionRecord): boolean {
  return ['completed', 'failed', 'cancelled'].includes(toIngestionStatus(head));
}

/** Returns a tag that differs between any two states of an ingestion. */
export function versionTag(head: IngestionRecord): string {
  const { updatedAtMs, priority, dispatched, completed, failed, cancelled, cancelledAtMs } = head;
  const counts = `${toBase36(dispatched)}-${toBase36(completed)}-${toBase36(failed)}-${toBase36(cancelled)}`;
  return `${toBase36(updatedAtMs)}-${toBase36(toRank(priority))}-${counts}-${toBase36(cancelledAtMs ?? 0)}`;
}

function toBase36(count: number): string {
  return count.toString(36);
}
