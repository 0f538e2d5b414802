import { describe, expect, it } from '@jest/globals';
import type { CircuitBreakerStatus } from '../../scheduler/lanes/circuit-breaker.js';
import { toLaneState } from './lane-state.js';

const CLOSED: CircuitBreakerStatus = { state: 'closed', openedAtMs: null, probeInMs: null };
const OPEN: CircuitBreakerStatus = { state: 'open', openedAtMs: 1000, probeInMs: 500 };
const PROBING: CircuitBreakerStatus = { state: 'probing', openedAtMs: 1000, probeInMs: null };

const EMPTY = {
  pausedAtMs: null,
  heldForMs: 0,
  pending: { HIGH: 0, MEDIUM: 0, LOW: 0 },
  pendingRetries: 0,
  dueRetries: 0,
};
const PENDING = { ...EMPTY, pending: { HIGH: 0, MEDIUM: 0, LOW: 1 } };
const LATER = { ...EMPTY, pendingRetries: 2 };
const DUE = { ...EMPTY, pendingRetries: 2, dueRetries: 1 };
const HELD = { ...PENDING, heldForMs: 300 };
const PAUSED = { ...HELD, pausedAtMs: 700 };

describe('The state of a lane', () => {
  it.each([
    ['idle', EMPTY, CLOSED, false, null, null],
    ['open', PENDING, CLOSED, false, null, null],
    ['open', DUE, CLOSED, false, null, null],
    ['waiting_for_retry', LATER, CLOSED, false, null, null],
    ['at_capacity', PENDING, CLOSED, true, null, null],
    ['breaker_open', PENDING, OPEN, true, 1000, 500],
    ['breaker_open', EMPTY, OPEN, false, 1000, 500],
    ['breaker_probing', PENDING, PROBING, false, 1000, null],
    ['held', HELD, OPEN, false, null, 300],
    ['paused', PAUSED, OPEN, false, 700, null],
  ] as const)(
    'is %s, the strongest reason first',
    (name, survey, breaker, isAtCapacity, sinceMs, endsInMs) => {
      expect(toLaneState(survey, breaker, isAtCapacity)).toEqual({ name, sinceMs, endsInMs });
    },
  );
});
