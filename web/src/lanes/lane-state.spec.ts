import { describe, expect, it } from '@jest/globals';
import { formatTime } from '../ui/format.js';
import { describeLaneState } from './lane-state.js';

const UNTIL = '2020-01-01T12:00:00.000Z';

describe('The sentence on why a lane sends nothing', () => {
  it.each([
    ['breaker_open', 'breaker'],
    ['held', 'upstream'],
    ['quiet_hours', 'quiet_hours'],
    ['limited', 'limit'],
    ['filling', 'filling'],
    ['waiting_for_retry', 'retry'],
  ] as const)('names the time at which %s ends, however old the data is', (state, kind) => {
    const held_by = { kind, since: null, until: UNTIL, limit: null, text: 'a reason' };
    const queue = { state, state_since: null, state_ends_in_seconds: 60, held_by };

    expect(describeLaneState(queue)).toContain(` at ${formatTime(UNTIL)}`);
  });
});
