import { SystemRuntime } from '../../src/domain/system-runtime.js';

const START_MS = Date.UTC(2026, 10, 24, 10);

/** A runtime whose clocks stand still until they are advanced. Its timers are those of the machine. */
export class ManualClock extends SystemRuntime {
  constructor(
    private wall = START_MS,
    private monotonic = 1_000_000,
  ) {
    super();
  }

  override wallMs(): number {
    return this.wall;
  }

  override monotonicMs(): number {
    return this.monotonic;
  }

  /** Advances both clocks. */
  advance(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }

  /** Sets the wall clock forward or back; no time passes. */
  jumpWall(ms: number): void {
    this.wall += ms;
  }

  /** Returns the clock of a process started now on the same machine. */
  restarted(): ManualClock {
    return new ManualClock(this.wall, this.monotonic);
  }

  /** Returns the clock of a process started after a reboot of the machine. */
  rebooted(): ManualClock {
    return new ManualClock(this.wall, 0);
  }
}
