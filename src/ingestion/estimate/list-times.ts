import type { LaneOptions } from '../../scheduler/lanes/lane.options.js';
import type { Estimate } from './estimate.js';

/** The wall times in ms that a client gave for a list; null for those that it did not give. */
export interface ListTimes {
  readonly dueAtMs: number | null;
  readonly expiresAtMs: number | null;
}

/**
 * Moves the estimate of a list that would be accepted now to the time at which it is due, if that is later, or to the end of
 * the quiet hours that the lane has then.
 */
export function startingFrom<T extends Estimate>(
  estimated: T,
  { dueAtMs }: ListTimes,
  { quietHours }: Pick<LaneOptions, 'quietHours'>,
): T {
  const { startAtMs, completionAtMs } = estimated;
  if (dueAtMs === null || startAtMs === null || startAtMs >= dueAtMs) {
    return estimated;
  }
  const opensAtMs = quietHours?.endsAt(dueAtMs) ?? dueAtMs;
  const lastsMs = completionAtMs === null ? null : completionAtMs - startAtMs;
  return {
    ...estimated,
    startAtMs: opensAtMs,
    completionAtMs: lastsMs === null ? null : (quietHours?.after(opensAtMs, lastsMs) ?? opensAtMs + lastsMs),
  };
}

/** Ends an estimate at the time at which the list expires: what was not sent by then is cancelled. */
export function untilExpiry<T extends Estimate>(estimated: T, { expiresAtMs }: ListTimes, nowMs: number): T {
  const { startAtMs, completionAtMs } = estimated;
  if (expiresAtMs === null || completionAtMs === null) {
    return estimated;
  }
  return {
    ...estimated,
    startAtMs: startAtMs !== null && startAtMs < expiresAtMs ? startAtMs : null,
    completionAtMs: Math.min(completionAtMs, Math.max(expiresAtMs, nowMs)),
  };
}
