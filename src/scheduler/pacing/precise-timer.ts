/** Timers of Node.js fire up to about 1 ms late, so the last part is waited turn by turn of the event loop. */
const PRECISE_MS = 1;

/** Longest delay of a Node.js timer: a longer one fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Timer with one deadline, which can be moved. It fires as soon after the deadline as the event loop allows. */
export class PreciseTimer {
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;

  constructor(private readonly onFire: () => void) {}

  /** Sets the deadline, which replaces an earlier one. */
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
