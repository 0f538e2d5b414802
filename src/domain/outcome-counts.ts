import type { Outcome } from './dispatch.js';

/** Counts the ids of a dispatch by outcome. */
export interface OutcomeCounts {
  readonly completed: number;
  /** Ids that will be sent again. */
  readonly retried: number;
  readonly failed: number;
}

export function countOutcomes(outcomes: readonly Pick<Outcome, 'kind'>[]): OutcomeCounts {
  let completed = 0;
  let failed = 0;
  for (const { kind } of outcomes) {
    if (kind === 'completed') {
      completed += 1;
    } else if (kind === 'failed') {
      failed += 1;
    }
  }
  return { completed, retried: outcomes.length - completed - failed, failed };
}
