/**
 * Counts slots that passed unused while ids waited. A slot is missed when a whole `BATCH_DELAY` has gone by since a
 * dispatch could have begun (its slot was open, and ids were due) and none has: n missed after n such delays. What
 * could begin at once and did so a little late misses nothing. Time in which the gate is kept back, as by an open
 * breaker, does not count.
 */
export class MissedSlotCounter {
  /** Since when a dispatch could have begun; null while none could. */
  private readySinceMs: number | null = null;
  /** Nothing may begin before; infinite where nobody knows until when. */
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  private counted = 0;
  private total = 0;

  constructor(private readonly delayMs: number) {}

  /** Ids have come to wait. */
  arrived(nowMs: number): void {
    this.readyFrom(this.readySinceMs ?? nowMs);
  }

  /** Whether or not ids wait: a dispatch may begin then. */
  opensAt(atMs: number): void {
    this.readyFrom(atMs);
  }

  /** Nothing may be sent, or nothing is there. */
  idle(): void {
    this.readyFrom(null);
  }

  /** Nothing may begin from now until then, whatever waits. An earlier `untilMs` lets go again. */
  keepBack(nowMs: number, untilMs: number): void {
    this.missed(nowMs);
    this.notBeforeMs = untilMs;
    this.counted = 0;
  }

  /** A dispatch has begun. */
  used(nowMs: number): void {
    this.missed(nowMs);
    this.readyFrom(null);
  }

  /** How long a dispatch has been due. */
  overdueMs(nowMs: number): number {
    const sinceMs = this.readySinceMs;
    return sinceMs === null ? 0 : Math.max(0, nowMs - Math.max(sinceMs, this.notBeforeMs));
  }

  /** Slots missed so far. */
  missed(nowMs: number): number {
    const now = this.delayMs === 0 ? 0 : Math.floor(this.overdueMs(nowMs) / this.delayMs);
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
