/** The facts that tell whether a lane makes progress, for all processes. */
export interface LaneProgress {
  readonly isPaused: boolean;
  /** The upstream asked to be left alone (Retry-After). */
  readonly isHeld: boolean;
  /** Ids may be sent now: some were never sent, or a retry is due. */
  readonly hasDueIds: boolean;
  /**
   * The newest dispatch of the lane that was sent: it has ended, but was not released, or it is in flight for so long that it
   * will not be. Null where the last thousand dispatches hold none.
   */
  readonly lastSentNo: number | null;
  /** A younger dispatch is in flight. It may be running, or be released because its claim came too late. */
  readonly hasNewClaim: boolean;
}

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
