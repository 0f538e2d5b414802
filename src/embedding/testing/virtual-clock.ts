import { SystemRuntime } from '../../domain/system-runtime.js';
import type { Timer } from '../../domain/runtime.js';

/** Turns of the event loop without work on files, after which the work that a timer began has settled. */
const QUIET_TURNS = 10;
/** Begins the names that Node.js gives to work on files. */
const FILE_WORK = 'FSReq';

/**
 * Time that passes only when a test says so. Give it to `SluiceModule.forRoot({ clock })`: slots, retries, pauses and
 * estimates then follow it, and a test of hours takes milliseconds.
 */
export class VirtualClock extends SystemRuntime {
  private readonly timers = new Set<VirtualTimer>();
  private elapsedMs = 0;

  constructor(private readonly start = new Date('2026-01-01T00:00:00Z')) {
    super();
  }

  override wallMs(): number {
    return this.start.getTime() + this.elapsedMs;
  }

  override monotonicMs(): number {
    return this.elapsedMs;
  }

  override setTimeout(callback: () => void, delayMs: number): Timer {
    return new VirtualTimer(this.timers, this, callback, delayMs, false);
  }

  override setInterval(callback: () => void, intervalMs: number): Timer {
    return new VirtualTimer(this.timers, this, callback, intervalMs, true);
  }

  override clearTimeout(timer: Timer | undefined): void {
    this.timers.delete(timer as VirtualTimer);
  }

  override clearInterval(timer: Timer | undefined): void {
    this.clearTimeout(timer);
  }

  /**
   * Lets time pass. Timers fire in the order of their times, each after the work of the one before has settled. That
   * covers the work of a store on SQLite, which is on files; it does not cover answers from a network.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.elapsedMs + ms;
    await this.settle();
    for (let next = this.nextDue(endMs); next !== undefined; next = this.nextDue(endMs)) {
      this.elapsedMs = Math.max(this.elapsedMs, next.dueMs);
      next.fire();
      await this.settle();
    }
    this.elapsedMs = endMs;
    await this.settle();
  }

  private async settle(): Promise<void> {
    for (let quietTurns = 0; quietTurns < QUIET_TURNS; quietTurns++) {
      await this.nextTurn();
      if (process.getActiveResourcesInfo().some((name) => name.startsWith(FILE_WORK))) {
        quietTurns = 0;
      }
    }
  }

  private nextDue(endMs: number): VirtualTimer | undefined {
    let next: VirtualTimer | undefined;
    for (const timer of this.timers) {
      if (timer.dueMs <= endMs && (next === undefined || timer.dueMs < next.dueMs)) {
        next = timer;
      }
    }
    return next;
  }
}

class VirtualTimer implements Timer {
  dueMs = 0;

  constructor(
    private readonly timers: Set<VirtualTimer>,
    private readonly clock: { monotonicMs(): number },
    private readonly callback: () => void,
    private readonly delayMs: number,
    private readonly repeats: boolean,
  ) {
    this.refresh();
  }

  fire(): void {
    this.timers.delete(this);
    if (this.repeats) {
      this.refresh();
    }
    this.callback();
  }

  refresh(): Timer {
    this.dueMs = this.clock.monotonicMs() + Math.max(this.delayMs, 1);
    this.timers.delete(this);
    this.timers.add(this); // at the end: of two timers with the same time the older one fires first
    return this;
  }

  unref(): Timer {
    return this;
  }
}
