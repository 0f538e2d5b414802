import { describe, expect, it } from '@jest/globals';
import { parseExact } from '../api/exact-json.js';
import type { Dispatch, GateQueue } from '../api/types.js';
import { INITIAL_STATE, slotOpensAtMs, toPageMs, withDispatches, withQueue } from './gate-state.js';

const NOW = '2026-11-24T10:00:00.000Z';

const dispatch = (id: string, startedAt: string, outcome: Dispatch['outcome'] = 'in_flight'): Dispatch =>
  ({ dispatch_id: id, started_at: startedAt, outcome }) as Dispatch;

describe('What the page knows of the gate', () => {
  it('keeps dispatches in their order, each once, as it stands now', () => {
    const early = dispatch('a', '2026-11-24T09:59:50.000Z');
    const late = dispatch('b', '2026-11-24T09:59:55.000Z');
    const ended = { ...early, outcome: 'settled' as const };
    const state = withDispatches(withDispatches(INITIAL_STATE, [early, late]), [ended]);
    expect(state.dispatches).toEqual([late, ended]);
  });

  it('puts the times of the service on the page’s own clock', () => {
    const state = withQueue(INITIAL_STATE, { now: NOW, next_slot_in_seconds: 2.5 } as GateQueue, 1000);
    expect(toPageMs(state, '2026-11-24T09:59:59.500Z')).toBe(500);
    expect(slotOpensAtMs(state)).toBe(3500);
    expect(slotOpensAtMs(INITIAL_STATE)).toBeNull();
  });

  it('reads ids to the last digit', () => {
    expect(
      parseExact('{"ids":[1,9007199254740993,10000000000000000007],"text":"12345678901234567890"}'),
    ).toEqual({
      ids: [1n, 9007199254740993n, 10000000000000000007n],
      text: '12345678901234567890',
    });
  });
});
