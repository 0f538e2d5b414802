/** The weights of the newest duration, as TCP takes them for its round trips (RFC 6298). */
const MEAN_WEIGHT = 1 / 8;
const DEVIATION_WEIGHT = 1 / 4;

/** How long something takes, learnt from how long it took: a running mean, and a running deviation from it. */
export class LatencyEstimator {
  private deviationMs: number;

  constructor(
    private meanMs: number,
    private readonly maxMs: number,
  ) {
    this.deviationMs = meanMs / 2;
  }

  /** One that took longer than `mostMs` counts as that: it was an accident. */
  add(ms: number): void {
    const counted = Math.min(ms, this.maxMs);
    this.deviationMs += DEVIATION_WEIGHT * (Math.abs(counted - this.meanMs) - this.deviationMs);
    this.meanMs += MEAN_WEIGHT * (counted - this.meanMs);
  }

  /** The mean and so many deviations. */
  upperBound(deviations: number): number {
    return this.meanMs + deviations * this.deviationMs;
  }
}
