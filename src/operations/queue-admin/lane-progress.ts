import type { LaneProgress } from './queue-admin.repository.js';

const MIN_PATIENCE_MS = 10_000;
const MAX_PATIENCE_MS = 60_000;
const PATIENCE_DELAYS = 3;
/** A late claim tries four times to get a later slot before it is released; its statements take some more time. */
const CLAIM_DELAYS = 4;
const CLAIM_MS = 6000;

/** Returns the age in ms from which a dispatch in flight counts as sent. */
export function claimGraceMs(delayMs: number): number {
  return CLAIM_DELAYS * delayMs + CLAIM_MS;
}

/**
 * Returns how long a lane may send nothing after a dispatch was due: three delays, but at least 10 s and at
 * most 60 s.
 */
export function patienceMs(delayMs: number): number {
  return Math.min(Math.max(PATIENCE_DELAYS * delayMs, MIN_PATIENCE_MS), MAX_PATIENCE_MS);
}

/**
 * Decides whether a lane is unwell: ids may be sent, no known reason blocks them, and no replica has sent a
 * dispatch for longer than {@link patienceMs} since one was due. Times are monotonic, in ms.
 */
export class LaneProgressWatch {
  private lastSentNo: number | null | undefined;
  private lastSentMs = 0;
  /** The time since when ids may be sent; null while they may not. */
  private readySinceMs: number | null = null;
  private unwellSince: number | null = null;

  /** `pace` holds the delay of the lane, which can change. */
  constructor(private readonly pace: { readonly batchDelayMs: number }) {}

  /** The time since when a dispatch has been due; null while the lane is well. */
  get unwellSinceMs(): number | null {
    return this.unwellSince;
  }

  /**
   * Records the facts at `nowMs`. `progress` is null if the store could not be read; then ids count as
   * pending. `isKeptBack` is true if this process has a reason not to dispatch (breaker, capacity, shutdown).
   */
  observe(progress: LaneProgress | null, isKeptBack: boolean, nowMs: number): void {
    if (progress !== null) {
      this.noteSent(progress.lastSentNo, nowMs);
    }
    this.noteReady(progress, isKeptBack, nowMs);
    if (this.readySinceMs === null) {
      this.unwellSince = null;
      return;
    }
    const { batchDelayMs: delayMs } = this.pace;
    const dueSinceMs = Math.max(this.readySinceMs, this.lastSentMs + delayMs);
    const limitMs = patienceMs(delayMs) + (progress?.hasNewClaim === true ? claimGraceMs(delayMs) : 0);
    if (this.unwellSince !== null && dueSinceMs > this.unwellSince) {
      this.unwellSince = null;
    }
    if (nowMs - dueSinceMs >= limitMs) {
      this.unwellSince ??= dueSinceMs;
    }
  }

  /** A lower number than before is no progress: a claim was released, or a standby took over. */
  private noteSent(lastSentNo: number | null, nowMs: number): void {
    if (this.lastSentNo === undefined || (lastSentNo ?? 0) > (this.lastSentNo ?? 0)) {
      this.lastSentMs = nowMs;
    }
    this.lastSentNo = lastSentNo;
  }

  private noteReady(progress: LaneProgress | null, isKeptBack: boolean, nowMs: number): void {
    if (isKeptBack || progress?.isPaused === true || progress?.isHeld === true) {
      this.readySinceMs = null;
    } else if (progress?.hasDueIds ?? true) {
      this.readySinceMs ??= nowMs;
    } else if (progress?.hasNewClaim !== true) {
      this.readySinceMs = null;
    } // otherwise the last ids are claimed, and may be released
  }
}
