import type { LaneWorker } from '../../scheduler/dispatch/lane-worker.js';
import { paceOf } from './estimate.js';

/** Between two dispatches of a lane as they go now, in ms; see {@link paceOf}. */
export function lanePaceMs({
  options,
  callStatistics,
  paceStatistics,
}: Pick<LaneWorker, 'options' | 'callStatistics' | 'paceStatistics'>): number | null {
  return paceOf({
    delayMs: options.batchDelayMs,
    maxInFlight: options.maxInFlight,
    callMs: callStatistics.callMs,
    measuredMs: paceStatistics.intervalMs,
  });
}
