import type { Clock } from '../../domain/clock.js';

/**
 * Limits attempts by name: some at once, then one after each refill time. It holds one entry for each name that was used,
 * so the names must be bounded.
 */
export class AttemptBudget {
  /** The time at which each name has its whole budget again. */
  private readonly fullAtMs = new Map<string, number>();

  constructor(
    private readonly maxAttempts: number,
    private readonly refillMs: number,
    private readonly clock: Clock,
  ) {}

  /** Takes one attempt; returns false if none is left. */
  take(name: string): boolean {
    const nowMs = this.clock.monotonicMs();
    const fullAtMs = Math.max(this.fullAtMs.get(name) ?? 0, nowMs) + this.refillMs;
    if (fullAtMs - nowMs > this.maxAttempts * this.refillMs) {
      return false;
    }
    this.fullAtMs.set(name, fullAtMs);
    return true;
  }

  /** Gives a name its whole budget. */
  reset(name: string): void {
    this.fullAtMs.delete(name);
  }
}
