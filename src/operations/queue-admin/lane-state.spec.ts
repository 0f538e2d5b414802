import { describe, expect, it } from '@jest/globals';
import type { HeldBy } from '../../domain/held-by.js';
import { toLaneState } from './lane-state.js';

const NOW_MS = 10_000;

function heldBy(kind: HeldBy['kind'], sinceMs: number | null, untilMs: number | null): HeldBy {
  return { kind, sinceMs, untilMs, limit: null, text: kind };
}

describe('The state of a lane', () => {
  it.each([
    ['open', null, null, null],
    ['open', heldBy('pace', null, 12_000), null, null],
    ['idle', heldBy('nothing_pending', null, null), null, null],
    ['waiting_for_retry', heldBy('retry', null, 12_000), null, null],
    ['at_capacity', heldBy('capacity', null, null), null, null],
    ['limited', heldBy('limit', null, 10_700), null, 700],
    ['limited', heldBy('limit', null, null), null, null],
    ['limited', heldBy('limit', null, 9_000), null, 0],
    ['breaker_open', heldBy('breaker', 1000, 10_500), 1000, 500],
    ['held', heldBy('upstream', null, 10_300), null, 300],
    ['paused', heldBy('paused', 700, null), 700, null],
  ] as const)('is %s by the cause that holds it', (name, cause, sinceMs, endsInMs) => {
    expect(toLaneState(cause, { state: 'open' }, NOW_MS)).toEqual({ name, sinceMs, endsInMs });
  });

  it('is breaker_probing while one dispatch tries the upstream', () => {
    expect(toLaneState(heldBy('breaker', 1000, null), { state: 'probing' }, NOW_MS)).toEqual({
      name: 'breaker_probing',
      sinceMs: 1000,
      endsInMs: null,
    });
  });
});
