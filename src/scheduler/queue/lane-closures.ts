import type { Clock } from '../../domain/clock.js';
import { isGateClosed, type GateReading } from './queue.repository.js';

/**
 * Remembers which lanes are closed to calls that are claimed and have not left yet. A hold that an upstream has asked of this
 * process refuses all of them at once. A late call needs a new place, as a claim does, so a pause and a hold of any process
 * refuse it too.
 */
export class LaneClosures {
  private readonly heldUntilMs = new Map<string, number>();
  private readonly closed = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Records that an upstream has asked this process to hold its lane. A shorter hold never ends a longer one. */
  hold(lane: string, forMs: number): void {
    const untilMs = this.clock.monotonicMs() + forMs;
    this.heldUntilMs.set(lane, Math.max(untilMs, this.heldUntilMs.get(lane) ?? untilMs));
  }

  /** Returns true during a hold that this process was asked for. */
  isHeld(lane: string): boolean {
    const untilMs = this.heldUntilMs.get(lane);
    return untilMs !== undefined && this.clock.monotonicMs() < untilMs;
  }

  /** Records what a late call has read of the gate. */
  observe(lane: string, gate: GateReading): void {
    this.observeClosed(lane, isGateClosed(gate));
  }

  /** Records if a late call has found its lane closed; a claim finds it open. */
  observeClosed(lane: string, isClosed: boolean): void {
    if (isClosed) {
      this.closed.add(lane);
    } else {
      this.closed.delete(lane);
    }
  }

  /** Returns true if the last late call has found the lane paused or held, and no claim has found it open since. */
  isClosedForLateCalls(lane: string): boolean {
    return this.closed.has(lane);
  }
}
