/** Calls leave at least so much later than they are let go as the quickest of the last few did, less a fifth. */
const KEPT = 32;
const CERTAIN = 0.8;
const MOST_MS = 3;

/** How long calls take to leave after they were let go, so that the next ones are let go as much earlier. */
export class LeaveTimes {
  private readonly latest: number[] = [];

  /** A call left so long after it was let go. */
  add(ms: number): void {
    this.latest.push(ms);
    if (this.latest.length > KEPT) {
      this.latest.shift();
    }
  }

  /** What the next one takes at least, for all that is known. */
  leastMs(delayMs: number): number {
    const isKnown = this.latest.length === KEPT;
    return isKnown ? Math.min(Math.min(...this.latest) * CERTAIN, MOST_MS, delayMs / 4) : 0;
  }
}
