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
  return [updatedAtMs, rankOf(priority), taken, completed, failed, cancelled, cancelledAtMs ?? 0]
    .map((count) => count.toString(36))
    .join('-');
}
