/** The mean of the newest numbers, as many as are remembered, about. */
export class MovingAverage {
  private mean = 0;

  /** `count` of its numbers are there from the start, and are 0. */
  constructor(
    private readonly window: number,
    private count = 0,
  ) {}

  /** 0 as long as there is none. */
  get value(): number {
    return this.mean;
  }

  add(newest: number): void {
    this.count += 1;
    this.mean += (newest - this.mean) / Math.min(this.count, this.window);
  }
}
