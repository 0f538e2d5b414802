import type { Outcome } from './dispatch.js';

/** Counts the ids of a dispatch by outcome. */
export interface OutcomeCounts {
  readonly completed: number;
  /** Ids that will be sent again. */
  readonly retried: number;
  readonly failed: number;
}

export function countOutcomes(outcomes: readonly Pick<Outcome, 'kind'>[]): OutcomeCounts {
  const count = (kind: Outcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  return {
    completed: count('completed'),
    retried: count('retry') + count('postponed'),
    failed: count('failed'),
  };
}
