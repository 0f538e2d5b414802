import type { Clock } from '../../domain/clock.js';
import { MovingAverage } from '../pacing/moving-average.js';
import type { LaneOptions } from './lane.options.js';

/** Number of intervals in the mean; with fewer, one late dispatch would change the mean too much. */
const INTERVAL_WINDOW = 64;
/** Minimum number of intervals for a useful mean. */
const MIN_INTERVALS = 8;
/** If a slot opens this many delays after a dispatch, another process used the slot between. */
const OTHER_PROCESS_FACTOR = 1.5;

/** The part of a claim's result that shows the pace. */
type ClaimObservation =
  | { readonly kind: 'slot_closed'; readonly opensInMs: number }
  | { readonly kind: 'dispatch' | 'released' | 'outdated' | 'held' | 'filling' | 'paused' | 'nothing_due' };

/** Measures the interval between a lane's dispatches while ids are pending, as this process sees it. */
export class PaceStatistics {
  private readonly meanIntervalMs = new MovingAverage(INTERVAL_WINDOW);
  private intervalCount = 0;
  /** Start of the last dispatch; null if the next interval must not count (no pending ids, a block, another process). */
  private startedAtMs: number | null = null;

  constructor(
    private readonly options: Pick<LaneOptions, 'batchDelayMs'>,
    private readonly clock: Clock,
  ) {}

  /** Mean time between the starts of two dispatches; null until it is known. */
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
        if (
          nowMs + claim.opensInMs >
          (this.startedAtMs ?? 0) + OTHER_PROCESS_FACTOR * this.options.batchDelayMs
        ) {
          this.reset();
        }
        break;
      default:
        this.reset();
    }
  }

  /** Ignores the interval to the next dispatch, because no dispatch may begin for some time. */
  reset(): void {
    this.startedAtMs = null;
  }
}
