import type { LaneGate } from '../../scheduler/dispatch/lane-worker.js';
import { paceOf } from './estimate.js';

/** Between two dispatches of a lane as they go now, in ms; see {@link paceOf}. */
export function lanePaceMs({
  settings,
  recentCalls,
  recentPace,
}: Pick<LaneGate, 'settings' | 'recentCalls' | 'recentPace'>): number | null {
  return paceOf({
    delayMs: settings.batchDelayMs,
    maxInFlight: settings.maxInFlight,
    callMs: recentCalls.callMs,
    measuredMs: recentPace.ms,
  });
}
