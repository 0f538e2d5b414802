import { toHeldByResponse } from '../../../platform/openapi/held-by-response.dto.js';
import type { QueueState } from '../queue.service.js';
import type { QueueResponse, QueuesResponse } from './queue-response.dto.js';
import { DEFAULT_LANE } from '../../../domain/lane.js';

/** Maps the state of a lane to the response of `/queue`. */
export function toQueueResponse(state: QueueState): QueueResponse {
  const { HIGH: high, MEDIUM: medium, LOW: low } = state.pending;
  return {
    state: state.state.name,
    state_since: toDate(state.state.sinceMs),
    state_ends_in_seconds: toSeconds(state.state.endsInMs),
    held_by: toHeldByResponse(state.heldBy),
    unwell_since: toDate(state.unwellSinceMs),
    paused: state.pausedAtMs !== null,
    paused_at: toDate(state.pausedAtMs),
    waiting: { high, medium, low, total: high + medium + low },
    scheduled: state.scheduled,
    retries_waiting: state.pendingRetries,
    retries_due: state.dueRetries,
    in_flight: state.inFlight,
    pace: {
      batch_size: state.pace.batchSize,
      batch_delay_seconds: state.pace.delayMs / 1000,
      limits: state.pace.limits,
      used_percent: toPercent(state.pace.slotUtilization),
    },
    order: {
      fair_share: state.order.fairShare,
      priority_aging_seconds: state.order.agingMs === null ? null : state.order.agingMs / 1000,
    },
    held_for_seconds: Math.round(state.heldForMs) / 1000,
    breaker: {
      state: state.breaker.state,
      opened_at: toDate(state.breaker.openedAtMs),
      probe_in_seconds: toSeconds(state.breaker.probeInMs),
    },
    next_slot_in_seconds: toSeconds(state.slotOpensInMs),
    empty_in_seconds: toSeconds(state.drainedInMs),
  };
}

/** Maps the states of all lanes to one response: that of the default lane, with all lanes inside. */
export function toQueuesResponse(states: ReadonlyMap<string, QueueState>): QueuesResponse {
  const lanes = Object.fromEntries([...states].map(([name, state]) => [name, toQueueResponse(state)]));
  const defaultLane = lanes[DEFAULT_LANE];
  if (defaultLane === undefined) {
    throw new Error('there is no default lane');
  }
  return Object.assign({ lanes }, defaultLane);
}

function toPercent(share: number | null): number | null {
  return share === null ? null : Math.round(share * 1000) / 10;
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms) / 1000;
}

function toDate(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
