import { v7 as uuidV7 } from 'uuid';
import { Runtime, type Immediate, type Timer } from '../../src/domain/runtime.js';
import type { World } from './world.js';

const UUID_BYTES = 16;

/** The clocks of the simulated machine. */
export class MachineClocks {
  /** Wall time less the time of the world, in ms. */
  wallOffsetMs = Date.UTC(2026, 0, 1);
  /** The time of the world at which the machine was started. */
  bootedAtMs = -1_000_000;
}

/** The runtime of one simulated process. Once the process has ended, none of its callbacks is called any more. */
export class ProcessRuntime extends Runtime {
  isAlive = true;
  /** The time for which this process was suspended, with all of the last suspension. */
  suspendedForMs = 0;
  private suspendedUntilMs = 0;

  constructor(
    private readonly world: World,
    private readonly clocks: MachineClocks,
  ) {
    super();
  }

  get isSuspended(): boolean {
    return this.suspendedUntilMs > this.world.nowMs;
  }

  /** Suspends the process while the world goes on: nothing of it runs until then. */
  suspend(forMs: number): void {
    this.suspendedUntilMs = this.world.nowMs + forMs;
    this.suspendedForMs += forMs;
  }

  /** Calls `callback` now, or when the process is suspended no longer; never after its end. */
  whenResumed(callback: () => void): void {
    if (this.isSuspended) {
      this.world.after(this.suspendedUntilMs - this.world.nowMs, () => {
        this.whenResumed(callback);
      });
    } else if (this.isAlive) {
      callback();
    }
  }

  override wallMs(): number {
    return Math.floor(this.world.nowMs + this.clocks.wallOffsetMs);
  }

  override monotonicMs(): number {
    return this.world.nowMs - this.clocks.bootedAtMs;
  }

  override setTimeout(callback: () => void, delayMs: number): Timer {
    return new ProcessTimer(this, this.world, callback, delayMs, false);
  }

  override setInterval(callback: () => void, intervalMs: number): Timer {
    return new ProcessTimer(this, this.world, callback, intervalMs, true);
  }

  override clearTimeout(timer: Timer | undefined): void {
    if (timer instanceof ProcessTimer) {
      timer.cancel();
    }
  }

  override clearInterval(timer: Timer | undefined): void {
    this.clearTimeout(timer);
  }

  override setImmediate(callback: () => void): Immediate {
    const immediate = new ProcessImmediate();
    this.world.nextTurn(() => {
      this.whenResumed(() => {
        if (immediate.isWanted) {
          callback();
        }
      });
    });
    return immediate;
  }

  override clearImmediate(immediate: Immediate | undefined): void {
    if (immediate instanceof ProcessImmediate) {
      immediate.isWanted = false;
    }
  }

  override random(): number {
    return this.world.dice.next('service');
  }

  override randomBytes(size: number): Buffer {
    return Buffer.from(Array.from({ length: size }, () => Math.floor(256 * this.random())));
  }

  override uuidV7(): string {
    return uuidV7({ msecs: this.wallMs(), random: this.randomBytes(UUID_BYTES) });
  }
}

class ProcessTimer implements Timer {
  private prevent: () => void = () => undefined;

  constructor(
    private readonly runtime: ProcessRuntime,
    private readonly world: World,
    private readonly callback: () => void,
    private readonly delayMs: number,
    private readonly repeats: boolean,
  ) {
    this.refresh();
  }

  unref(): Timer {
    return this;
  }

  refresh(): Timer {
    this.prevent();
    let isWanted = true;
    // Node.js drops the fraction of a delay.
    const cancel = this.world.after(Math.max(1, Math.trunc(this.delayMs)), () => {
      this.runtime.whenResumed(() => {
        if (isWanted) {
          this.fire();
        }
      });
    });
    this.prevent = () => {
      isWanted = false;
      cancel();
    };
    return this;
  }

  cancel(): void {
    this.prevent();
  }

  private fire(): void {
    if (this.repeats) {
      this.refresh();
    }
    this.callback();
  }
}

class ProcessImmediate implements Immediate {
  isWanted = true;

  unref(): Immediate {
    return this;
  }
}
