import { statusOfIngestion } from './batch-status.js';
import type { IngestionHead } from './ingestion.js';

/** Nothing more happens to it by itself. */
export function isFinal(head: IngestionHead): boolean {
  return ['completed', 'failed'].includes(statusOfIngestion(head));
}

/** Tells one state of an ingestion from every other. */
export function stateOf({ updatedAtMs, taken, completed, failed }: IngestionHead): string {
  return [updatedAtMs, taken, completed, failed].map((count) => count.toString(36)).join('-');
}
