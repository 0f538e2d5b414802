import type { Clock } from '../../domain/clock.js';

/**
 * The leases of the dispatches that this process has claimed and not ended, on its monotonic clock. Each lease counts from
 * before its commit was sent, so it ends here no later than in the store: while it is held here, no other process has
 * reclaimed the ids. A process that was suspended longer than a lease learns by it that its claims are void.
 */
export class Leases {
  /** The ends of the leases in ms, by dispatch id. */
  private readonly endsMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Records a claim whose commit was sent at `fromMs`. */
  grant(dispatchId: string, fromMs: number, leaseMs: number): void {
    this.endsMs.set(dispatchId, fromMs + leaseMs);
  }

  /** Records a renewal that was sent at `fromMs`. It does not revive a dispatch that has ended. */
  renew(dispatchId: string, fromMs: number, leaseMs: number): void {
    if (this.endsMs.has(dispatchId)) {
      this.grant(dispatchId, fromMs, leaseMs);
    }
  }

  /** Returns true if the ids of the dispatch certainly belong to this process now. */
  isHeld(dispatchId: string): boolean {
    const endsMs = this.endsMs.get(dispatchId);
    return endsMs !== undefined && this.clock.monotonicMs() < endsMs;
  }

  end(dispatchId: string): void {
    this.endsMs.delete(dispatchId);
  }
}
