import type { HeldBy } from '../../domain/held-by.js';
import type { CircuitBreakerStatus } from '../../scheduler/lanes/circuit-breaker.js';

export const LANE_STATES = [
  'open',
  'idle',
  'waiting_for_retry',
  'at_capacity',
  'paused',
  'held',
  'quiet_hours',
  'limited',
  'filling',
  'breaker_open',
  'breaker_probing',
] as const;

type LaneStateName = (typeof LANE_STATES)[number];

/** The state of a lane in one word. */
export interface LaneState {
  readonly name: LaneStateName;
  /** Wall time in ms; null if it is unknown. */
  readonly sinceMs: number | null;
  /** The time until the state ends by itself, in ms; null if it is unknown. */
  readonly endsInMs: number | null;
}

/** A lane that only waits for its pace is open: dispatches follow each other. */
const NAMES: Readonly<Record<HeldBy['kind'], LaneStateName>> = {
  paused: 'paused',
  upstream: 'held',
  breaker: 'breaker_open',
  capacity: 'at_capacity',
  nothing_pending: 'idle',
  retry: 'waiting_for_retry',
  quiet_hours: 'quiet_hours',
  limit: 'limited',
  filling: 'filling',
  pace: 'open',
};

const WITH_END: ReadonlySet<LaneStateName> = new Set([
  'held',
  'quiet_hours',
  'limited',
  'filling',
  'breaker_open',
]);

/** Returns the state of a lane that this cause holds at `nowMs`, wall time. */
export function toLaneState(
  heldBy: HeldBy | null,
  breaker: Pick<CircuitBreakerStatus, 'state'>,
  nowMs: number,
): LaneState {
  if (heldBy === null) {
    return { name: 'open', sinceMs: null, endsInMs: null };
  }
  const { kind, sinceMs, untilMs } = heldBy;
  const name = kind === 'breaker' && breaker.state === 'probing' ? 'breaker_probing' : NAMES[kind];
  const endsInMs = untilMs === null || !WITH_END.has(name) ? null : Math.max(0, untilMs - nowMs);
  return { name, sinceMs, endsInMs };
}
