import { Injectable } from '@nestjs/common';
import { Runtime } from '../../domain/runtime.js';
import { PreciseTimer } from './precise-timer.js';

/** Length of the windows, and so the most by which a timer fires early. Each timer has a limit of its own below that. */
const WINDOW_MS = 12;

/**
 * Timers that fire together if their deadlines lie in the same window and they may fire that early: their work then begins
 * at the same moment. Timers fire at the first of these deadlines; none fires late. Kernels call it timer coalescing.
 */
@Injectable()
export class WindowTimers {
  /** The timers that are set, by the number of their window. */
  private readonly windows = new Map<number, Set<WindowTimer>>();

  constructor(readonly runtime: Runtime) {}

  /** Creates a timer that calls `onFire` with true if its deadline is not reached yet. */
  create(onFire: (isEarly: boolean) => void): WindowTimer {
    return new WindowTimer(this, onFire);
  }

  add(timer: WindowTimer, windowNo: number): void {
    const window = this.windows.get(windowNo) ?? new Set();
    this.windows.set(windowNo, window.add(timer));
  }

  delete(timer: WindowTimer, windowNo: number): void {
    const window = this.windows.get(windowNo);
    window?.delete(timer);
    if (window?.size === 0) {
      this.windows.delete(windowNo);
    }
  }

  /** Fires the timers of a window that may fire now. */
  fire(windowNo: number): void {
    for (const timer of [...(this.windows.get(windowNo) ?? [])]) {
      timer.fireIfReady();
    }
  }
}

/** Timer with one deadline, which can be moved, see {@link WindowTimers}. */
export class WindowTimer {
  private readonly timer: PreciseTimer;
  private dueMs = 0;
  private maxEarlyMs = 0;
  private windowNo: number | null = null;

  constructor(
    private readonly timers: WindowTimers,
    private readonly onFire: (isEarly: boolean) => void,
  ) {
    this.timer = new PreciseTimer(timers.runtime, () => {
      if (this.windowNo !== null) {
        timers.fire(this.windowNo);
      }
    });
  }

  /** Sets the deadline, which replaces an earlier one. The timer fires at most `maxEarlyMs` before it. */
  set(delayMs: number, maxEarlyMs = 0): void {
    this.clear();
    this.dueMs = this.timers.runtime.monotonicMs() + delayMs;
    this.maxEarlyMs = maxEarlyMs;
    this.windowNo = Math.floor(this.dueMs / WINDOW_MS);
    this.timers.add(this, this.windowNo);
    this.timer.set(delayMs);
  }

  clear(): void {
    if (this.windowNo !== null) {
      this.timers.delete(this, this.windowNo);
      this.windowNo = null;
    }
    this.timer.clear();
  }

  fireIfReady(): void {
    const leftMs = this.dueMs - this.timers.runtime.monotonicMs();
    if (leftMs <= this.maxEarlyMs) {
      this.clear();
      this.onFire(leftMs > 0);
    }
  }
}
