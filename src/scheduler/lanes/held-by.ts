import type { HeldBy } from '../../domain/held-by.js';
import type { PriorityRank } from '../../domain/priority.js';
import type { CircuitBreakerStatus } from './circuit-breaker.js';

/** The facts of a lane that its store knows, for all processes. */
export interface LaneFacts {
  /** Wall time in ms; null while the lane is not paused. */
  readonly pausedAtMs: number | null;
  /** The time for which the upstream still holds the lane, in ms. */
  readonly heldForMs: number;
  /** The time since the last dispatch was claimed, in ms. */
  readonly slotTakenMsAgo: number;
  /** Ids that may be sent as soon as nothing holds the lane: never sent, or retries that are due. */
  readonly readyIds: number;
  /** The highest priority of the ready ids that were never sent; the highest of all if there are none. */
  readonly readyRank: PriorityRank;
  /** Retries that are not due yet. */
  readonly laterRetries: number;
}

/** A limit that is used up. */
export interface SpentLimit {
  /** The limit as its owner stated it. */
  readonly limit: string;
  /** The time until it lets the next dispatch go, in ms; null if an answer does that, not time. */
  readonly opensInMs: number | null;
}

/** The facts of a lane that this process knows, and its settings. */
export interface LaneConditions {
  readonly batchSize: number;
  readonly batchDelayMs: number;
  readonly maxInFlight: number;
  readonly isAtCapacity: boolean;
  readonly breaker: CircuitBreakerStatus;
  /** The limit that is used up; null if none is. */
  readonly limit: SpentLimit | null;
  /** The wall time in ms at which its quiet hours end; null if it is not in them. */
  readonly quietUntilMs?: number | null;
  /** The time for which the lane waits to fill a dispatch, in ms; null if it does not. */
  readonly fillingForMs?: number | null;
  /** The number of ids from which a dispatch does not wait to be filled. */
  readonly minFill?: number;
  /** The time until the next retry is due, in ms; null if none is known. */
  readonly retryDueInMs: number | null;
}

/** Returns the strongest cause for which a lane sends nothing now; null if the next dispatch may go. */
export function toHeldBy(facts: LaneFacts, conditions: LaneConditions, nowMs: number): HeldBy | null {
  const { breaker } = conditions;
  if (facts.pausedAtMs !== null) {
    return held({ kind: 'paused', sinceMs: facts.pausedAtMs, text: 'paused' });
  }
  if (facts.heldForMs > 0) {
    const untilMs = nowMs + facts.heldForMs;
    return held({ kind: 'upstream', untilMs, text: 'the upstream asked to wait' });
  }
  if (breaker.state !== 'closed') {
    const text =
      breaker.state === 'open' ? 'the upstream fails' : 'the upstream failed, and one dispatch tries it now';
    return held({
      kind: 'breaker',
      sinceMs: breaker.openedAtMs,
      untilMs: breaker.probeInMs === null ? null : nowMs + breaker.probeInMs,
      text,
    });
  }
  return conditions.isAtCapacity
    ? held({
        kind: 'capacity',
        text: `${String(conditions.maxInFlight)} calls are in flight (MAX_IN_FLIGHT)`,
      })
    : heldWithoutTrouble(facts, conditions, nowMs);
}

function heldWithoutTrouble(facts: LaneFacts, conditions: LaneConditions, nowMs: number): HeldBy | null {
  const { limit, batchSize, batchDelayMs, retryDueInMs } = conditions;
  if (facts.readyIds === 0) {
    return facts.laterRetries === 0
      ? held({ kind: 'nothing_pending', text: 'no id is pending' })
      : held({
          kind: 'retry',
          untilMs: retryDueInMs === null ? null : nowMs + retryDueInMs,
          text: 'all pending ids are retries that are not due yet',
        });
  }
  const { quietUntilMs = null } = conditions;
  if (quietUntilMs !== null) {
    return held({ kind: 'quiet_hours', untilMs: quietUntilMs, text: 'the lane has its quiet hours' });
  }
  if (limit !== null) {
    return held({
      kind: 'limit',
      untilMs: limit.opensInMs === null ? null : nowMs + limit.opensInMs,
      limit: limit.limit,
      text: `the limit of ${limit.limit} is used up`,
    });
  }
  const { fillingForMs = null, minFill = 0 } = conditions;
  if (fillingForMs !== null && facts.readyIds < minFill) {
    return held({
      kind: 'filling',
      untilMs: nowMs + fillingForMs,
      text: `fewer than ${String(minFill)} ids are pending: a dispatch waits for more`,
    });
  }
  const opensInMs = batchDelayMs - facts.slotTakenMsAgo;
  return opensInMs <= 0
    ? null
    : held({
        kind: 'pace',
        untilMs: nowMs + opensInMs,
        text: `the pace is ${String(batchSize)} ids every ${String(batchDelayMs / 1000)} s`,
      });
}

function held(cause: Pick<HeldBy, 'kind' | 'text'> & Partial<HeldBy>): HeldBy {
  return { sinceMs: null, untilMs: null, limit: null, ...cause };
}
