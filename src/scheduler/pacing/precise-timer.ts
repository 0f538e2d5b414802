/** Timers of Node.js fire up to about a millisecond late; the last stretch is waited out turn by turn instead. */
const FINE_MS = 1;

/** Node.js fires a longer timer at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** One alarm at a time, set to a moment that may be moved. It rings as soon after it as the event loop allows. */
export class WakeTimer {
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;

  constructor(private readonly ring: () => void) {}

  /** Forgets an earlier alarm. */
  set(delayMs: number): void {
    this.clear();
    const due = performance.now() + delayMs;
    const coarseMs = Math.floor(delayMs);
    if (coarseMs > FINE_MS) {
      this.timer = setTimeout(
        () => {
          this.waitOut(due);
        },
        Math.min(coarseMs, LONGEST_MS),
      );
    } else {
      this.waitOut(due);
    }
  }

  clear(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
  }

  private waitOut(due: number): void {
    const leftMs = due - performance.now();
    if (leftMs <= 0) {
      this.ring();
    } else if (Math.floor(leftMs) > FINE_MS) {
      this.set(leftMs);
    } else {
      this.immediate = setImmediate(() => {
        this.waitOut(due);
      });
    }
  }
}
