import { describe, expect, it } from '@jest/globals';
import type { CircuitBreakerStatus } from './circuit-breaker.js';
import { toHeldBy, type LaneConditions, type LaneFacts } from './held-by.js';

const NOW_MS = 10_000;
const CLOSED: CircuitBreakerStatus = { state: 'closed', openedAtMs: null, probeInMs: null };
const OPEN: CircuitBreakerStatus = { state: 'open', openedAtMs: 1000, probeInMs: 500 };
const PROBING: CircuitBreakerStatus = { state: 'probing', openedAtMs: 1000, probeInMs: null };

const EMPTY: LaneFacts = {
  pausedAtMs: null,
  heldForMs: 0,
  slotTakenMsAgo: 3000,
  readyIds: 0,
  readyRank: 0,
  laterRetries: 0,
};
const READY = { ...EMPTY, readyIds: 1, laterRetries: 2 };
const LATER = { ...EMPTY, laterRetries: 2 };
const UNTROUBLED: LaneConditions = {
  batchSize: 3,
  batchDelayMs: 0,
  maxInFlight: 10,
  isAtCapacity: false,
  breaker: CLOSED,
  limit: null,
  retryDueInMs: null,
};
const LIMITED = { ...UNTROUBLED, limit: { limit: '9 calls per 1 s', opensInMs: 800 } };
const FILLING = { ...UNTROUBLED, batchDelayMs: 5000, minFill: 2, fillingForMs: 600 };
const FULL = { ...LIMITED, isAtCapacity: true };
const BROKEN = { ...FULL, breaker: OPEN };

describe('What holds a lane', () => {
  it.each([
    ['a pause, since when', { ...READY, pausedAtMs: 700, heldForMs: 300 }, BROKEN, 'paused', 700, null],
    ['the upstream, until when', { ...READY, heldForMs: 300 }, BROKEN, 'upstream', null, 10_300],
    ['an open breaker, since and until when', READY, BROKEN, 'breaker', 1000, 10_500],
    ['a probing breaker', EMPTY, { ...FULL, breaker: PROBING }, 'breaker', 1000, null],
    ['the capacity of the process', READY, FULL, 'capacity', null, null],
    ['nothing to send', EMPTY, LIMITED, 'nothing_pending', null, null],
    ['the next retry', LATER, { ...LIMITED, retryDueInMs: 40 }, 'retry', null, 10_040],
    ['a retry whose time is unknown', LATER, LIMITED, 'retry', null, null],
    ['a limit, until when', READY, LIMITED, 'limit', null, 10_800],
    ['ids that are too few, until when they go', READY, FILLING, 'filling', null, 10_600],
    ['the pace once enough ids are pending', { ...READY, readyIds: 2 }, FILLING, 'pace', null, 12_000],
    ['the pace, until the next slot', READY, { ...UNTROUBLED, batchDelayMs: 5000 }, 'pace', null, 12_000],
  ] as const)('is %s, the strongest cause first', (_, facts, conditions, kind, sinceMs, untilMs) => {
    expect(toHeldBy(facts, conditions, NOW_MS)).toMatchObject({ kind, sinceMs, untilMs });
  });

  it('is nothing when the next dispatch may go', () => {
    expect(toHeldBy(READY, UNTROUBLED, NOW_MS)).toBeNull();
    expect(toHeldBy(READY, { ...UNTROUBLED, batchDelayMs: 3000 }, NOW_MS)).toBeNull();
  });

  it('is said in words that name the limit or the pace', () => {
    expect(toHeldBy(READY, LIMITED, NOW_MS)).toMatchObject({
      limit: '9 calls per 1 s',
      text: 'the limit of 9 calls per 1 s is used up',
    });
    expect(toHeldBy(READY, { ...UNTROUBLED, batchDelayMs: 5000 }, NOW_MS)).toMatchObject({
      limit: null,
      text: 'the pace is 3 ids every 5 s',
    });
  });

  it('has no end of its own where an answer makes room', () => {
    const limit = { limit: '2 in flight', opensInMs: null };
    expect(toHeldBy(READY, { ...UNTROUBLED, limit }, NOW_MS)).toMatchObject({
      kind: 'limit',
      untilMs: null,
    });
  });
});
