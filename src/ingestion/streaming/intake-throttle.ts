import type { Runtime } from '../../domain/runtime.js';

/** A submission within this time counts as contention: that client may submit again soon. */
export const CONTENTION_WINDOW_MS = 200;
export const MAX_PAUSE_MS = 100;

/**
 * Throttles a streamed ingestion while other clients submit: after each block it pauses for as long as the block took,
 * so that half of the event loop and of the disk is available to the others.
 */
export class IntakeThrottle {
  private acceptedSeen: number;
  private seenAtMs = -Infinity;

  constructor(
    private readonly contention: { readonly acceptedCount: number },
    private readonly runtime: Runtime,
  ) {
    this.acceptedSeen = contention.acceptedCount;
  }

  /** Pauses after a block whose processing started at `startMs` (monotonic clock), if there is contention. */
  async pauseIfContended(startMs: number): Promise<void> {
    const nowMs = this.runtime.monotonicMs();
    if (this.contention.acceptedCount !== this.acceptedSeen) {
      this.acceptedSeen = this.contention.acceptedCount;
      this.seenAtMs = nowMs;
    }
    if (nowMs - this.seenAtMs < CONTENTION_WINDOW_MS) {
      await this.runtime.sleep(Math.min(Math.ceil(nowMs - startMs), MAX_PAUSE_MS));
    }
  }
}
