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

  constructor(
    private readonly world: World,
    private readonly clocks: MachineClocks,
  ) {
    super();
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
      if (this.isAlive && immediate.isWanted) {
        callback();
      }
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
    // Node.js drops the fraction of a delay.
    this.prevent = this.world.after(Math.max(1, Math.trunc(this.delayMs)), () => {
      if (this.runtime.isAlive) {
        if (this.repeats) {
          this.refresh();
        }
        this.callback();
      }
    });
    return this;
  }

  cancel(): void {
    this.prevent();
  }
}

class ProcessImmediate implements Immediate {
  isWanted = true;

  unref(): Immediate {
    return this;
  }
}
