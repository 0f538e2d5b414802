/** Admits so many calls in any window, as a vendor counts them: by its own clock, when they arrive. */
export class SlidingWindow {
  private readonly admittedMs: number[] = [];

  constructor(
    private readonly max: number,
    private readonly perMs: number,
  ) {}

  /** Counts a call. Returns how many more there may be now; -1 if this one is refused. */
  admit(atMs: number): number {
    while ((this.admittedMs[0] ?? Infinity) <= atMs - this.perMs) {
      this.admittedMs.shift();
    }
    if (this.admittedMs.length >= this.max) {
      return -1;
    }
    this.admittedMs.push(atMs);
    return this.max - this.admittedMs.length;
  }

  /** The time until a call leaves the window, in ms. */
  untilRoomMs(atMs: number): number {
    return Math.max(0, (this.admittedMs[0] ?? atMs) + this.perMs - atMs);
  }
}
