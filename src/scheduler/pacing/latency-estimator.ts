/** The weights of the newest duration, as TCP takes them for its round trips (RFC 6298). */
const IN_MEAN = 1 / 8;
const IN_DEVIATION = 1 / 4;

/** How long something takes, learnt from how long it took: a running mean, and a running deviation from it. */
export class Durations {
  private deviationMs: number;

  constructor(
    private meanMs: number,
    private readonly mostMs: number,
  ) {
    this.deviationMs = meanMs / 2;
  }

  /** One that took longer than `mostMs` counts as that: it was an accident. */
  add(ms: number): void {
    const counted = Math.min(ms, this.mostMs);
    this.deviationMs += IN_DEVIATION * (Math.abs(counted - this.meanMs) - this.deviationMs);
    this.meanMs += IN_MEAN * (counted - this.meanMs);
  }

  /** The mean and so many deviations. */
  longest(deviations: number): number {
    return this.meanMs + deviations * this.deviationMs;
  }
}
