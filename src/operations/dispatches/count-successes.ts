import type { DispatchRecord } from './dispatch.repository.js';

/**
 * Returns how many of `size` ids of a dispatch succeeded, of which `errors` have an error, and how many did not; none before
 * it was settled. An id that the upstream refused without an attempt, such as by a 429, has no error, so the counts of the
 * dispatch decide.
 */
export function countSuccesses(
  { ending, counts }: Pick<DispatchRecord, 'ending' | 'counts'>,
  size: number,
  errors: number,
): { readonly completed: number; readonly unsuccessful: number } {
  if (ending !== 'settled') {
    return { completed: 0, unsuccessful: 0 };
  }
  const completed = Math.min(counts.completed, size - errors);
  return { completed, unsuccessful: size - completed };
}
