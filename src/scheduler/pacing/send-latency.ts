import { LatencyEstimator } from './latency-estimator.js';

/** Number of deviations above the mean, as in TCP's retransmission timeout (RFC 6298). */
const DEVIATIONS = 4;
const MAX_MS = 5;

/**
 * Estimates the time from starting a call to its request being ready to be written. The next call is started earlier by
 * that time, so that it is ready when its slot opens. Zero until a call is recorded.
 */
export class SendLatency {
  private readonly durations = new LatencyEstimator(0, MAX_MS);

  /** Records the time that a call took to be ready. */
  record(ms: number): void {
    this.durations.add(ms);
  }

  /** Returns the time by which the next call is started before its slot, a quarter of the delay at most. */
  leadMs(delayMs: number): number {
    return Math.min(this.durations.upperBound(DEVIATIONS), MAX_MS, delayMs / 4);
  }
}
