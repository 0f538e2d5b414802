import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.js';

/** Who handed over a list so lately may hand over another one. */
export const CONTENTION_WINDOW_MS = 200;
export const MAX_PAUSE_MS = 100;

/**
 * The rests of a list that arrives: while others hand over theirs it rests after each block for as long as the block took,
 * so that half of the event loop, and of the disk, is theirs.
 */
export class IntakeThrottle {
  private acceptedSeen: number;
  private seenAtMs = -Infinity;

  constructor(
    private readonly contention: { readonly acceptedCount: number },
    private readonly clock: Clock,
    private readonly pause: (ms: number) => Promise<unknown> = sleep,
  ) {
    this.acceptedSeen = contention.acceptedCount;
  }

  /** After a block that was begun at `startMs` of the monotonic clock. */
  async pauseIfContended(startMs: number): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    if (this.contention.acceptedCount !== this.acceptedSeen) {
      this.acceptedSeen = this.contention.acceptedCount;
      this.seenAtMs = nowMs;
    }
    if (nowMs - this.seenAtMs < CONTENTION_WINDOW_MS) {
      await this.pause(Math.min(Math.ceil(nowMs - startMs), MAX_PAUSE_MS));
    }
  }
}
