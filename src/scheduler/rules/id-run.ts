import type { PriorityRank } from '../../domain/priority.js';

/** Ids of one list, or of lists that cost the same, that follow each other in a dispatch. */
export interface IdRun {
  readonly rank: PriorityRank;
  readonly ids: number;
  /** The cost of one of the ids, in units. */
  readonly units: number;
}

export function sizeOf(runs: readonly IdRun[]): number {
  return runs.reduce((sum, { ids }) => sum + ids, 0);
}

/** Returns what all ids cost. */
export function unitsOf(runs: readonly IdRun[]): number {
  return runs.reduce((sum, { ids, units }) => sum + ids * units, 0);
}

/** Returns the first `ids` ids. */
export function firstOf(runs: readonly IdRun[], ids: number): IdRun[] {
  let left = ids;
  return runs.flatMap((run) => {
    const taken = Math.min(left, run.ids);
    left -= taken;
    return taken === 0 ? [] : [{ ...run, ids: taken }];
  });
}

/** Returns what the `ids` ids cost that cost least. */
export function leastUnits(runs: readonly IdRun[], ids: number): number {
  return unitsOf(
    firstOf(
      runs.toSorted((a, b) => a.units - b.units),
      ids,
    ),
  );
}

/** Returns what the `ids` ids cost that cost most. */
export function mostUnits(runs: readonly IdRun[], ids: number): number {
  return unitsOf(
    firstOf(
      runs.toSorted((a, b) => b.units - a.units),
      ids,
    ),
  );
}
