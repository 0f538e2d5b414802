/** Exponential moving average over about the last `window` numbers. */
export class MovingAverage {
  private mean = 0;

  /** Starts with `count` numbers that are 0. */
  constructor(
    private readonly window: number,
    private count = 0,
  ) {}

  /** The average; 0 until there is a number. */
  get value(): number {
    return this.mean;
  }

  add(newest: number): void {
    this.count += 1;
    this.mean += (newest - this.mean) / Math.min(this.count, this.window);
  }
}
