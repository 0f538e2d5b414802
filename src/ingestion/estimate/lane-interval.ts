import type { LaneWorker } from '../../scheduler/dispatch/lane-worker.js';
import { toIntervalMs } from './estimate.js';

/** Returns the current time between two dispatches of a lane in ms; see {@link toIntervalMs}. */
export function expectedIntervalMs({
  options,
  callStatistics,
  paceStatistics,
}: Pick<LaneWorker, 'options' | 'callStatistics' | 'paceStatistics'>): number | null {
  return toIntervalMs({
    delayMs: options.batchDelayMs,
    maxInFlight: options.maxInFlight,
    callMs: callStatistics.callMs,
    measuredMs: paceStatistics.intervalMs,
  });
}
