import type { CircuitBreakerStatus } from '../../scheduler/lanes/circuit-breaker.js';
import type { QueueStats } from './queue-admin.repository.js';

export const LANE_STATES = [
  'open',
  'idle',
  'waiting_for_retry',
  'at_capacity',
  'paused',
  'held',
  'breaker_open',
  'breaker_probing',
] as const;

/** The reason why a lane dispatches, or why it does not. */
export interface LaneState {
  readonly name: (typeof LANE_STATES)[number];
  /** Wall time in ms; null if it is unknown. */
  readonly sinceMs: number | null;
  /** The time until the state ends by itself, in ms; null if it is unknown. */
  readonly endsInMs: number | null;
}

/**
 * Returns the state of a lane. The strongest reason wins: a paused lane is `paused`, also while its breaker
 * is open.
 */
export function toLaneState(
  survey: Pick<QueueStats, 'pausedAtMs' | 'heldForMs' | 'pending' | 'pendingRetries' | 'dueRetries'>,
  breaker: CircuitBreakerStatus,
  isAtCapacity: boolean,
): LaneState {
  if (survey.pausedAtMs !== null) {
    return { name: 'paused', sinceMs: survey.pausedAtMs, endsInMs: null };
  }
  if (survey.heldForMs > 0) {
    return { name: 'held', sinceMs: null, endsInMs: survey.heldForMs };
  }
  if (breaker.state !== 'closed') {
    const name = breaker.state === 'open' ? 'breaker_open' : 'breaker_probing';
    return { name, sinceMs: breaker.openedAtMs, endsInMs: breaker.probeInMs };
  }
  return { name: isAtCapacity ? 'at_capacity' : toPendingState(survey), sinceMs: null, endsInMs: null };
}

function toPendingState({
  pending,
  pendingRetries,
  dueRetries,
}: Pick<QueueStats, 'pending' | 'pendingRetries' | 'dueRetries'>): LaneState['name'] {
  if (pending.HIGH + pending.MEDIUM + pending.LOW + dueRetries > 0) {
    return 'open';
  }
  return pendingRetries > 0 ? 'waiting_for_retry' : 'idle';
}
