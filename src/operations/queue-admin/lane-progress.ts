import type { LaneProgress } from './queue-admin.repository.js';

const MIN_PATIENCE_MS = 10_000;
const MAX_PATIENCE_MS = 60_000;
const PATIENCE_DELAYS = 3;
/** A late claim tries to get a later slot four times before it is released, and some statements take their time. */
const CLAIM_DELAYS = 4;
const CLAIM_MS = 6000;

/** How old a dispatch in flight is when it counts as sent. */
export function claimGraceMs(delayMs: number): number {
  return CLAIM_DELAYS * delayMs + CLAIM_MS;
}

/** How long a lane may send nothing after a dispatch was due: three delays, but at least 10 s and at most 60 s. */
export function patienceMs(delayMs: number): number {
  return Math.min(Math.max(PATIENCE_DELAYS * delayMs, MIN_PATIENCE_MS), MAX_PATIENCE_MS);
}

/**
 * Judges by facts whether a lane is unwell: ids may go, nothing that is known keeps them back, and no process has sent a
 * dispatch for longer than {@link patienceMs} since one was due. Times are monotonic, in ms.
 */
export class LaneProgressWatch {
  private lastSentNo: number | null | undefined;
  private lastSentMs = 0;
  /** Since when ids may go; null while they may not. */
  private readySinceMs: number | null = null;
  private unwellSince: number | null = null;

  constructor(private readonly delayMs: number) {}

  /** Since when a dispatch has been due; null while the lane is well. */
  get unwellSinceMs(): number | null {
    return this.unwellSince;
  }

  /**
   * Takes what was found at `nowMs`. `progress` is null where the store could not tell: then ids count as waiting.
   * `isKeptBack`: this process knows why nothing is sent (breaker, capacity, stop).
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
    const dueSinceMs = Math.max(this.readySinceMs, this.lastSentMs + this.delayMs);
    const limitMs =
      patienceMs(this.delayMs) + (progress?.hasNewClaim === true ? claimGraceMs(this.delayMs) : 0);
    if (this.unwellSince !== null && dueSinceMs > this.unwellSince) {
      this.unwellSince = null;
    }
    if (nowMs - dueSinceMs >= limitMs) {
      this.unwellSince ??= dueSinceMs;
    }
  }

  /** Numbers may be lower than before: a claim was released, or a standby took over. That is no progress. */
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
    } // else: the last ids are claimed, and may come back
  }
}
