import { statusOfIngestion } from './batch-status.js';
import type { IngestionHead } from './ingestion.js';
import { rankOf } from './priority.js';

/** Nothing more happens to it by itself. */
export function isFinal(head: IngestionHead): boolean {
  return ['completed', 'failed', 'cancelled'].includes(statusOfIngestion(head));
}

/** Tells one state of an ingestion from every other. */
export function stateOf(head: IngestionHead): string {
  const { updatedAtMs, priority, taken, completed, failed, cancelled, cancelledAtMs } = head;
  const counts = `${inBase36(taken)}-${inBase36(completed)}-${inBase36(failed)}-${inBase36(cancelled)}`;
  return `${inBase36(updatedAtMs)}-${inBase36(rankOf(priority))}-${counts}-${inBase36(cancelledAtMs ?? 0)}`;
}

function inBase36(count: number): string {
  return count.toString(36);
}
