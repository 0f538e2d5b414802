import type { Clock } from '../../time/clock.js';

/**
 * Store time of the embedded store: milliseconds that follow the wall clock at start and the monotonic clock
 * from then on, so that a jump of the wall clock moves no slot, lease, window or retry. It never falls behind
 * `floorMs`, the last store time that was kept: after a restart it goes on from there.
 */
export class SteadyTime {
  private readonly offsetMs: number;

  constructor(
    private readonly clock: Clock,
    floorMs: number,
  ) {
    this.offsetMs = Math.max(clock.wallMs(), floorMs) - clock.monotonicMs();
  }

  nowMs(): number {
    return this.clock.monotonicMs() + this.offsetMs;
  }
}
