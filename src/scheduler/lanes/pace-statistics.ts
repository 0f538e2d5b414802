import type { Clock } from '../../domain/clock.js';
import { MovingAverage } from '../pacing/moving-average.js';

/** One that was late moves the mean of fewer too much. */
const INTERVAL_WINDOW = 64;
/** Fewer tell nothing. */
const MIN_INTERVALS = 8;
/** A slot that opens so many delays after a dispatch is one behind another process's. */
const OTHER_PROCESS_FACTOR = 1.5;

/** The part of a claim's result that tells the pace. */
type ClaimObservation =
  | { readonly kind: 'slot_closed'; readonly opensInMs: number }
  | { readonly kind: 'dispatch' | 'released' | 'held' | 'paused' | 'nothing_due' };

/** How fast dispatches of a lane lately followed each other while ids waited, as this process saw it. */
export class PaceStatistics {
  private readonly meanIntervalMs = new MovingAverage(INTERVAL_WINDOW);
  private intervalCount = 0;
  /** Null where the next dispatch does not follow it: nothing waited, nothing might begin, or another process was between. */
  private startedAtMs: number | null = null;

  constructor(
    private readonly delayMs: number,
    private readonly clock: Clock,
  ) {}

  /** Between the begins of two dispatches; null as long as that is not known. */
  get intervalMs(): number | null {
    return this.intervalCount < MIN_INTERVALS ? null : this.meanIntervalMs.value;
  }

  recordClaim(claim: ClaimObservation): void {
    const nowMs = this.clock.monotonicMs();
    switch (claim.kind) {
      case 'dispatch':
        if (this.startedAtMs !== null) {
          this.meanIntervalMs.add(nowMs - this.startedAtMs);
          this.intervalCount += 1;
        }
        this.startedAtMs = nowMs;
        break;
      case 'slot_closed':
        if (nowMs + claim.opensInMs > (this.startedAtMs ?? 0) + OTHER_PROCESS_FACTOR * this.delayMs) {
          this.reset();
        }
        break;
      default:
        this.reset();
    }
  }

  /** For a time nothing may begin. */
  reset(): void {
    this.startedAtMs = null;
  }
}
