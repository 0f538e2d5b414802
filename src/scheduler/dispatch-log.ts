import { batchIdOf } from '../ingestion/batch-id.js';
import type { Dispatch, Outcome } from './dispatch.js';

const SHOWN = 10;

/** One line for a dispatch that begins, with the ids needed to follow it. */
export function describeDispatch(dispatch: Dispatch, ids: readonly bigint[]): string {
  const batches = dispatch.parts.map((part) => batchIdOf(part.ingestionId, part.batchNo));
  return `dispatch ${dispatch.dispatchId} began: ids ${shorten(ids)}; batches ${shorten([...new Set(batches)])}`;
}

/** One line for a dispatch that ended. */
export function describeOutcomes(dispatch: Dispatch, outcomes: readonly Outcome[]): string {
  const counts = { completed: 0, retry: 0, failed: 0 };
  const errors = new Set<string>();
  for (const outcome of outcomes) {
    counts[outcome.kind] += 1;
    if (outcome.kind !== 'completed') {
      errors.add(outcome.error.message);
    }
  }
  const tail = errors.size === 0 ? '' : `: ${shorten([...errors])}`;
  return (
    `dispatch ${dispatch.dispatchId} ended: ${String(counts.completed)} completed, ` +
    `${String(counts.retry)} to be sent again, ${String(counts.failed)} failed${tail}`
  );
}

function shorten(items: readonly unknown[]): string {
  const shown = items.slice(0, SHOWN).map(String).join(', ');
  return items.length > SHOWN ? `${shown} and ${String(items.length - SHOWN)} more` : shown;
}
