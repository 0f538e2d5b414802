/** Timers of Node.js fire up to about a millisecond late; the last stretch is waited out turn by turn instead. */
const PRECISE_MS = 1;

/** Node.js fires a longer timer at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** One alarm at a time, set to a moment that may be moved. It rings as soon after it as the event loop allows. */
export class PreciseTimer {
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;

  constructor(private readonly onFire: () => void) {}

  /** Forgets an earlier alarm. */
  set(delayMs: number): void {
    this.clear();
    const due = performance.now() + delayMs;
    const coarseMs = Math.floor(delayMs);
    if (coarseMs > PRECISE_MS) {
      this.timer = setTimeout(
        () => {
          this.spin(due);
        },
        Math.min(coarseMs, MAX_TIMEOUT_MS),
      );
    } else {
      this.spin(due);
    }
  }

  clear(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
  }

  private spin(due: number): void {
    const leftMs = due - performance.now();
    if (leftMs <= 0) {
      this.onFire();
    } else if (Math.floor(leftMs) > PRECISE_MS) {
      this.set(leftMs);
    } else {
      this.immediate = setImmediate(() => {
        this.spin(due);
      });
    }
  }
}
