import type { GateReading } from './queue.repository.js';

/** The most that a claim may take of what the upstream still accepts. */
export interface AcceptedCalls {
  readonly ids: number;
  readonly dispatches: number;
}

export const UNLIMITED_CALLS: AcceptedCalls = {
  ids: Number.POSITIVE_INFINITY,
  dispatches: Number.POSITIVE_INFINITY,
};

/** Returns what a claim may take. The gate holds the lane once no call is left. */
export function acceptedCalls(
  { callsLeft }: Pick<GateReading, 'callsLeft'>,
  isPerId: boolean,
): AcceptedCalls {
  return isPerId ? { ...UNLIMITED_CALLS, ids: callsLeft } : { ...UNLIMITED_CALLS, dispatches: callsLeft };
}
