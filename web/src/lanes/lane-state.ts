import type { Forecast, Queue } from '../api/types.js';
import { formatTime } from '../ui/format.js';

/** Names of the lane states, for use after "is". */
export const LANE_STATE_NAMES: Readonly<Record<Queue['state'], string>> = {
  open: 'open',
  idle: 'open',
  waiting_for_retry: 'open',
  at_capacity: 'open, at capacity',
  paused: 'paused',
  held: 'held by the upstream',
  quiet_hours: 'closed for its quiet hours',
  limited: 'held by a limit',
  filling: 'open, filling a dispatch',
  breaker_open: 'stopped by its breaker',
  breaker_probing: 'stopped by its breaker',
};

/** Names of the lane states that stand alone. */
export const LANE_STATE_LABELS: Readonly<Record<Queue['state'], string>> = {
  open: 'Sending',
  idle: 'Nothing pending',
  waiting_for_retry: 'Waiting for retries',
  at_capacity: 'At capacity',
  paused: 'Paused',
  held: 'Held by the upstream',
  quiet_hours: 'Quiet hours',
  limited: 'Limit used up',
  filling: 'Filling a dispatch',
  breaker_open: 'Breaker open',
  breaker_probing: 'Breaker open, probing',
};

/**
 * How much attention a lane needs. `broken`: pending ids are not sent, although no operator wants that. `stopped`: an
 * operator paused it. `slow`: it sends later, by its own rules. `quiet`: nothing is pending. `well`: it sends.
 */
export type LaneHealth = 'broken' | 'stopped' | 'slow' | 'quiet' | 'well';

export function healthOf(queue: Pick<Queue, 'state' | 'unwell_since'>): LaneHealth {
  if (isUpstreamAway(queue) || queue.unwell_since !== null) {
    return 'broken';
  }
  switch (queue.state) {
    case 'paused':
      return 'stopped';
    case 'idle':
      return 'quiet';
    case 'open':
      return 'well';
    default:
      return 'slow';
  }
}

/** Returns whether the lane is stopped: pending ids are not sent. */
export function isStopped({ state }: Pick<Queue, 'state'>): boolean {
  return state === 'paused' || isUpstreamAway({ state });
}

/** Returns whether the upstream does not accept ids now; then it is unknown when the pending ids are sent. */
export function isUpstreamAway({ state }: Pick<Queue, 'state'>): boolean {
  return state === 'held' || state === 'breaker_open' || state === 'breaker_probing';
}

/**
 * Returns one sentence on why nothing is sent; null if the lane sends or has nothing to send. Its times are those of the
 * service, so they also stay right while the data is old.
 */
export function describeLaneState({
  state,
  state_since: since,
  held_by: heldBy,
}: Pick<Queue, 'state' | 'state_since' | 'held_by'>): string | null {
  const until = heldBy?.until ?? null;
  const sinceWords = since === null ? '' : ` since ${formatTime(since)}`;
  const endWords = until === null ? '' : ` at ${formatTime(until)}`;
  switch (state) {
    case 'paused':
      return `Paused by an operator${sinceWords}.`;
    case 'held':
      return `The upstream asked to wait (Retry-After); the next call may go${endWords || ' after that'}.`;
    case 'breaker_open':
      return `The upstream fails: breaker open${sinceWords}, next try${endWords || ' soon'}.`;
    case 'breaker_probing':
      return `The upstream fails: breaker open${sinceWords}, one call tries it now.`;
    case 'quiet_hours':
      return `The lane has its quiet hours; the next call may go${endWords || ' after them'}.`;
    case 'limited':
      return `The limit of ${heldBy?.limit ?? 'the lane'} is used up; the next call may go${endWords || ' when a call ends'}.`;
    case 'at_capacity':
      return 'As many calls run as may run at once; the next one begins when one ends.';
    case 'filling':
      return `A short dispatch waits for more ids; it goes at the latest${endWords || ' soon'}.`;
    case 'waiting_for_retry':
      return `All pending ids are retries; the next one is due${endWords || ' later'}.`;
    case 'idle':
    case 'open':
      return null;
  }
}

/** Returns why it is not known when a list will be done. */
export function describeUnknownEstimate(because: Forecast['estimate_unknown']): string {
  switch (because) {
    case 'paused':
      return 'the gate is paused';
    case 'upstream_fails':
      return 'not known when all are sent: the upstream fails';
    case 'no_pace':
      return 'not known when all are sent: no pace was measured yet';
    case 'late_call':
    case null:
      return 'not known when all are sent';
  }
}
