import { describe, expect, it } from '@jest/globals';
import { groupErrors, toOutcomeWords } from './timeline-entries.js';

const error = (id: bigint, message: string) => ({ id, kind: 'upstream' as const, message });
const part = (...errors: ReturnType<typeof error>[]) => ({
  batch_id: 'b',
  attempt: 1,
  ids: [1n, 2n, 3n],
  errors,
});

describe('An entry of the timeline', () => {
  it('tells each error once, with the ids that it hit', () => {
    expect(groupErrors([part(error(1n, 'busy'), error(2n, 'late')), part(error(3n, 'busy'))])).toEqual([
      { kind: 'upstream', message: 'busy', ids: [1n, 3n] },
      { kind: 'upstream', message: 'late', ids: [2n] },
    ]);
  });

  it.each([
    ['settled', 3, 0, '3 completed'],
    ['settled', 2, 1, '2 completed, 1 without success'],
    ['settled', 0, 3, '3 without success'],
    ['in_flight', 0, 0, 'in flight'],
    ['lapsed', 0, 0, 'its process stopped; all ids are sent again'],
  ] as const)('of a %s dispatch with %d and %d ids says "%s"', (outcome, completed, unsuccessful, words) => {
    expect(toOutcomeWords({ outcome, completed, unsuccessful }).words).toBe(words);
  });
});
