import type { DispatchRecord } from './dispatch.repository.js';

/**
 * Returns how many of `size` ids of a dispatch succeeded, of which `errors` have an error. An id that the upstream refused
 * without an attempt, such as by a 429, has no error, so the counts of the dispatch decide.
 */
export function countCompleted(
  { ending, counts }: Pick<DispatchRecord, 'ending' | 'counts'>,
  size: number,
  errors: number,
): number {
  return ending === 'settled' ? Math.min(counts.completed, size - errors) : 0;
}
