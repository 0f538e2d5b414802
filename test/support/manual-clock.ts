import { Clock } from '../../src/domain/clock.js';

const START_MS = Date.UTC(2026, 10, 24, 10);

/** Clocks that stand still until they are moved. */
export class ManualClock extends Clock {
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

  /** Time passes. */
  advance(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }

  /** Someone sets the wall clock; no time passes. */
  jumpWall(ms: number): void {
    this.wall += ms;
  }

  /** What a process reads that is started now on the same machine. */
  restarted(): ManualClock {
    return new ManualClock(this.wall, this.monotonic);
  }

  /** What a process reads that is started now, the machine having been started anew. */
  rebooted(): ManualClock {
    return new ManualClock(this.wall, 0);
  }
}
