import { setImmediate as realTurn } from 'node:timers/promises';
import { Runtime, type Immediate, type Timer } from '../../src/domain/runtime.js';
import { seededRandom } from '../../src/external-api/seeded-random.js';

/** Turns of the real event loop in which the promises of one callback are resolved. */
const TURNS_PER_CALLBACK = 3;
/** The longest time that a callback takes if it does not stall. */
const CALLBACK_MS = 0.012;
/** The longest time by which a timer is late. */
const TIMER_DELAY_MS = 0.3;

interface Stalls {
  /** The probability that a callback stalls the event loop. */
  readonly probability: number;
  readonly maxMs: number;
}

/**
 * A simulated event loop with virtual time. Callbacks take time, timers are a little late, and now and then a callback
 * stalls everything, as a garbage collection or a suspended process does. All of it follows from the seed.
 */
export class StallingRuntime extends Runtime {
  private nowMs = 1000;
  private readonly timers = new Set<VirtualTimer>();
  private immediates: VirtualImmediate[] = [];
  private readonly next: () => number;
  private idNo = 0;

  constructor(
    seed: number,
    private readonly stalls: Stalls,
  ) {
    super();
    this.next = seededRandom(seed);
  }

  override wallMs(): number {
    return this.nowMs;
  }

  override monotonicMs(): number {
    return this.nowMs;
  }

  override setTimeout(callback: () => void, delayMs: number): Timer {
    const timer = new VirtualTimer(callback, this.nowMs + Math.max(1, Math.trunc(delayMs)));
    this.timers.add(timer);
    return timer;
  }

  override clearTimeout(timer: Timer | undefined): void {
    this.timers.delete(timer as VirtualTimer);
  }

  override setInterval(): Timer {
    throw new Error('there are no intervals here');
  }

  override clearInterval(): void {
    throw new Error('there are no intervals here');
  }

  override setImmediate(callback: () => void): Immediate {
    const immediate = new VirtualImmediate(callback);
    this.immediates.push(immediate);
    return immediate;
  }

  override clearImmediate(immediate: Immediate | undefined): void {
    this.immediates = this.immediates.filter((each) => each !== immediate);
  }

  override random(): number {
    return this.next();
  }

  override randomBytes(size: number): Buffer {
    return Buffer.alloc(size);
  }

  override uuidV7(): string {
    this.idNo += 1;
    return String(this.idNo);
  }

  /** Lets work take up to `maxMs`, or stall. */
  work(maxMs: number): void {
    const { probability, maxMs: maxStallMs } = this.stalls;
    this.nowMs += maxMs * this.next() + (this.next() < probability ? maxStallMs * this.next() : 0);
  }

  /** Runs the event loop for this time. */
  async run(durationMs: number): Promise<void> {
    const endMs = this.nowMs + durationMs;
    await this.settle();
    while (this.nowMs < endMs) {
      const turnMs = this.nowMs;
      for (const timer of [...this.timers].sort((a, b) => a.dueMs - b.dueMs)) {
        if (timer.dueMs <= turnMs && this.timers.delete(timer)) {
          await this.call(timer.callback);
        }
      }
      for (const { callback } of this.immediates.splice(0)) {
        await this.call(callback);
      }
      if (this.immediates.length === 0) {
        const nextMs = Math.min(endMs, ...[...this.timers].map(({ dueMs }) => dueMs));
        this.nowMs = Math.max(this.nowMs, nextMs + TIMER_DELAY_MS * this.next());
      }
    }
  }

  private async call(callback: () => void): Promise<void> {
    callback();
    await this.settle();
  }

  private async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS_PER_CALLBACK; turn++) {
      await realTurn();
    }
    this.work(CALLBACK_MS);
  }
}

class VirtualTimer implements Timer {
  constructor(
    readonly callback: () => void,
    readonly dueMs: number,
  ) {}

  unref(): Timer {
    return this;
  }

  refresh(): Timer {
    throw new Error('no timer is refreshed here');
  }
}

class VirtualImmediate implements Immediate {
  constructor(readonly callback: () => void) {}

  unref(): Immediate {
    return this;
  }
}
