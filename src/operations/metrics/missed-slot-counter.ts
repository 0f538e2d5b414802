import { intervalOf } from '../../scheduler/lanes/lane.options.js';

/**
 * Counts slots that passed unused while ids were pending. A slot is missed when a whole `BATCH_DELAY` (under limits the
 * mean time that they allow between two dispatches) has
 * passed since a dispatch could have started (the slot was open, and ids were due) and none has; n slots are
 * missed after n such delays. A dispatch that starts a little late misses nothing. Time in which dispatching
 * is blocked, for example by an open breaker, does not count.
 */
export class MissedSlotCounter {
  /** The time since when a dispatch could have started; null while none could. */
  private readySinceMs: number | null = null;
  /** No dispatch may start before this time; infinite while the time is unknown. */
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  private counted = 0;
  private total = 0;

  /** `pace` holds the delay and the limits of the lane, which can change. */
  constructor(private readonly pace: Parameters<typeof intervalOf>[0]) {}

  /** Call it when ids become pending. */
  arrived(nowMs: number): void {
    this.readyFrom(this.readySinceMs ?? nowMs);
  }

  /** Call it when the time of the next possible dispatch is known, pending ids or not. */
  opensAt(atMs: number): void {
    this.readyFrom(atMs);
  }

  /** Call it when nothing may be sent, or nothing is pending. */
  idle(): void {
    this.readyFrom(null);
  }

  /** Blocks dispatches from `nowMs` until `untilMs`. An earlier `untilMs` ends the block. */
  keepBack(nowMs: number, untilMs: number): void {
    this.missed(nowMs);
    this.notBeforeMs = untilMs;
    this.counted = 0;
  }

  /** Call it when a dispatch has started. */
  used(nowMs: number): void {
    this.missed(nowMs);
    this.readyFrom(null);
  }

  /** Returns how long a dispatch has been due, in ms; 0 if none is due. */
  overdueMs(nowMs: number): number {
    const sinceMs = this.readySinceMs;
    return sinceMs === null ? 0 : Math.max(0, nowMs - Math.max(sinceMs, this.notBeforeMs));
  }

  /** Returns the number of missed slots so far. */
  missed(nowMs: number): number {
    const delayMs = intervalOf(this.pace);
    const now = delayMs === 0 ? 0 : Math.floor(this.overdueMs(nowMs) / delayMs);
    if (now > this.counted) {
      this.total += now - this.counted;
      this.counted = now;
    }
    return this.total;
  }

  private readyFrom(sinceMs: number | null): void {
    if (sinceMs !== this.readySinceMs) {
      this.readySinceMs = sinceMs;
      this.counted = 0;
    }
  }
}
