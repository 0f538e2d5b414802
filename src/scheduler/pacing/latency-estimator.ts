/** Weights of the newest duration, as in TCP's estimate of round trips (RFC 6298). */
const MEAN_WEIGHT = 1 / 8;
const DEVIATION_WEIGHT = 1 / 4;

/** Estimates a duration from earlier ones: a running mean and a running deviation from it. */
export class LatencyEstimator {
  private deviationMs: number;

  constructor(
    private meanMs: number,
    private readonly maxMs: number,
  ) {
    this.deviationMs = meanMs / 2;
  }

  /** Adds a duration. A longer one than `maxMs` counts as `maxMs`, because it was an exception. */
  add(ms: number): void {
    const counted = Math.min(ms, this.maxMs);
    this.deviationMs += DEVIATION_WEIGHT * (Math.abs(counted - this.meanMs) - this.deviationMs);
    this.meanMs += MEAN_WEIGHT * (counted - this.meanMs);
  }

  /** Returns the mean plus this number of deviations, in ms. */
  upperBound(deviations: number): number {
    return this.meanMs + deviations * this.deviationMs;
  }
}
