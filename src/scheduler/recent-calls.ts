import type { EndedDispatch } from './progress-news.js';

/** The weight of the newest. */
const WEIGHT = 1 / 8;
/** Fewer gaps tell nothing. */
const LEAST_GAPS = 8;
/** A gap of so many calls was a pause. */
const PAUSE_IN_CALLS = 3;
const SHORTEST_PAUSE_MS = 1000;

/** How the calls of a lane went lately, in this process: running means. */
export class RecentCalls {
  private meanMs: number | null = null;
  private share = 0;
  private gapMs = 0;
  private gaps = 0;
  private lastEndedMs = Number.NEGATIVE_INFINITY;

  /** How long a call takes; 0 as long as none has ended. */
  get callMs(): number {
    return this.meanMs ?? 0;
  }

  /** The share of ids that were to be sent again. */
  get retryShare(): number {
    return this.share;
  }

  /** Between the ends of two dispatches, pauses left out; null as long as that is not known. */
  get paceMs(): number | null {
    return this.gaps < LEAST_GAPS ? null : this.gapMs;
  }

  /** `nowMs` on the monotonic clock. */
  add({ ids, retried, callMs }: Pick<EndedDispatch, 'ids' | 'retried' | 'callMs'>, nowMs: number): void {
    this.meanMs = follow(this.meanMs ?? callMs, callMs);
    this.share = follow(this.share, retried / ids);
    const gapMs = nowMs - this.lastEndedMs;
    this.lastEndedMs = nowMs;
    if (gapMs < Math.max(SHORTEST_PAUSE_MS, PAUSE_IN_CALLS * this.meanMs)) {
      this.gapMs = this.gaps === 0 ? gapMs : follow(this.gapMs, gapMs);
      this.gaps += 1;
    }
  }
}

function follow(mean: number, newest: number): number {
  return mean + WEIGHT * (newest - mean);
}
