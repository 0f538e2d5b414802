import type { Outcome } from './dispatch.js';

/** How many ids of a dispatch had which outcome. */
export interface OutcomeCounts {
  readonly completed: number;
  /** To be sent again. */
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
