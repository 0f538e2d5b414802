import type { Clock } from '../../domain/clock.js';
import type { Claim } from '../queue/queue.repository.js';
import { RunningMean } from '../pacing/moving-average.js';

/** One that was late moves the mean of fewer too much. */
const GAPS = 64;
/** Fewer tell nothing. */
const LEAST_GAPS = 8;
/** A slot that opens so many delays after a dispatch is one behind another process's. */
const OF_ANOTHER = 1.5;

/** How fast dispatches of a lane lately followed each other while ids waited, as this process saw it. */
export class RecentPace {
  private readonly gapMs = new RunningMean(GAPS);
  private gaps = 0;
  /** Null where the next dispatch does not follow it: nothing waited, nothing might begin, or another process was between. */
  private beganAtMs: number | null = null;

  constructor(
    private readonly delayMs: number,
    private readonly clock: Clock,
  ) {}

  /** Between the begins of two dispatches; null as long as that is not known. */
  get ms(): number | null {
    return this.gaps < LEAST_GAPS ? null : this.gapMs.value;
  }

  claimed(claim: Claim): void {
    const nowMs = this.clock.monotonicMs();
    switch (claim.kind) {
      case 'dispatch':
        if (this.beganAtMs !== null) {
          this.gapMs.add(nowMs - this.beganAtMs);
          this.gaps += 1;
        }
        this.beganAtMs = nowMs;
        break;
      case 'slot_closed':
        if (nowMs + claim.opensInMs > (this.beganAtMs ?? 0) + OF_ANOTHER * this.delayMs) {
          this.interrupted();
        }
        break;
      default:
        this.interrupted();
    }
  }

  /** For a time nothing may begin. */
  interrupted(): void {
    this.beganAtMs = null;
  }
}
