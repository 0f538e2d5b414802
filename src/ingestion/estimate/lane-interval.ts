import type { Lane } from '../../scheduler/lanes/lane.js';
import { intervalOf } from '../../scheduler/lanes/lane.options.js';
import { toIntervalMs } from './estimate.js';

/** Returns the current time between two dispatches of a lane in ms; see {@link toIntervalMs}. */
export function expectedIntervalMs({
  options,
  callStatistics,
  paceStatistics,
}: Pick<Lane, 'options' | 'callStatistics' | 'paceStatistics'>): number | null {
  return toIntervalMs({
    delayMs: intervalOf(options),
    maxInFlight: options.maxInFlight,
    callMs: callStatistics.callMs,
    measuredMs: paceStatistics.intervalMs,
  });
}
