import { LatencyEstimator } from './latency-estimator.js';

/** As a round trip is waited for at the most (RFC 6298). */
const DEVIATIONS = 4;
const MAX_MS = 5;

/**
 * How long calls take from when they are let go until they stand before their socket and ask whether they may leave, so
 * that the next ones stand there when their slot opens. Zero where none asks.
 */
export class SendLatency {
  private readonly durations = new LatencyEstimator(0, MAX_MS);

  /** A call asked so long after it was let go. */
  record(ms: number): void {
    this.durations.add(ms);
  }

  /** How much ahead of its slot the next call is to be let go. */
  leadMs(delayMs: number): number {
    return Math.min(this.durations.upperBound(DEVIATIONS), MAX_MS, delayMs / 4);
  }
}
