/** What a limit counts: requests as the upstream sees them, or ids. */
export type CountedBy = 'calls' | 'ids';

/** A limit for each window: at most `max` in any window of `perUs`, wherever it begins. */
export interface WindowLimit {
  readonly kind: 'window';
  readonly counts: CountedBy;
  readonly max: number;
  /** Length of the window, in whole microseconds. */
  readonly perUs: number;
  /** Time by which the window is lengthened, because the upstream counts arrivals by its own clock. */
  readonly marginUs: number;
  /** If true, dispatches are spaced evenly, without bursts. */
  readonly isSpread: boolean;
}

/** A limit for the calls that have no answer yet, over all processes. */
export interface InFlightLimit {
  readonly kind: 'in_flight';
  readonly max: number;
}

/** One limit of an upstream, as its owner states it. */
export type Limit = WindowLimit | InFlightLimit;

/** Returns the name of a limit for people, such as `190 calls per 10 s`. */
export function describeLimit(limit: Limit): string {
  return limit.kind === 'in_flight'
    ? `${String(limit.max)} in flight`
    : `${String(limit.max)} ${limit.counts} per ${String(limit.perUs / 1_000_000)} s`;
}
