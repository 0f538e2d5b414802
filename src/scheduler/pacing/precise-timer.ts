import { MAX_TIMER_MS, type Immediate, type Runtime, type Timer } from '../../domain/runtime.js';

/** Timers of Node.js fire up to about 1 ms late, so the last part is waited turn by turn of the event loop. */
const PRECISE_MS = 1;

/** Timer with one deadline, which can be moved. It fires as soon after the deadline as the event loop allows. */
export class PreciseTimer {
  private timer: Timer | undefined;
  private immediate: Immediate | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly onFire: () => void,
  ) {}

  /** Sets the deadline, which replaces an earlier one. */
  set(delayMs: number): void {
    this.clear();
    const due = this.runtime.monotonicMs() + delayMs;
    const coarseMs = Math.floor(delayMs);
    if (coarseMs > PRECISE_MS) {
      this.timer = this.runtime.setTimeout(
        () => {
          this.spin(due);
        },
        Math.min(coarseMs, MAX_TIMER_MS),
      );
    } else {
      this.spin(due);
    }
  }

  clear(): void {
    this.runtime.clearTimeout(this.timer);
    this.runtime.clearImmediate(this.immediate);
  }

  private spin(due: number): void {
    const leftMs = due - this.runtime.monotonicMs();
    if (leftMs <= 0) {
      this.onFire();
    } else if (Math.floor(leftMs) > PRECISE_MS) {
      this.set(leftMs);
    } else {
      this.immediate = this.runtime.setImmediate(() => {
        this.spin(due);
      });
    }
  }
}
