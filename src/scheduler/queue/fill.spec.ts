import { describe, expect, it } from '@jest/globals';
import { holdShortDispatch, type FillTerms } from './fill.js';
import { newCandidate } from '../../../test/support/candidates.js';
import type { Candidate, Selection } from './queue.repository.js';

const NOW_MS = 10_000;
const TERMS: FillTerms = { minFill: 3, maxWaitMs: 2000, exemptRanks: [0] };

function ids(size: number, fields: Partial<Candidate> = {}): Selection {
  return { candidate: newCandidate({ pendingSinceMs: NOW_MS - 500, size, ...fields }), size };
}

function held(selected: readonly Selection[], terms = TERMS): [number, number | null] {
  const filled = holdShortDispatch(selected, 4, terms, NOW_MS);
  return [filled.selected.reduce((sum, { size }) => sum + size, 0), filled.waitMs];
}

describe('A dispatch with a minimum fill', () => {
  it('waits with fewer ids until the oldest has waited for the maximum time', () => {
    expect(held([ids(1), ids(1, { pendingSinceMs: NOW_MS - 1900 })])).toEqual([0, 100]);
    expect(held([ids(1), ids(1, { pendingSinceMs: NOW_MS - 2000 })])).toEqual([2, null]);
  });

  it('goes with enough ids, and when it is full', () => {
    expect(held([ids(2), ids(1)])).toEqual([3, null]);
    expect(held([ids(4)], { ...TERMS, minFill: 9 })).toEqual([4, null]);
  });

  it('goes with an id of an exempt priority, and with a call that is repeated', () => {
    expect(held([ids(1, { rank: 0 }), ids(1)])).toEqual([2, null]);
    const keptKey = { dispatchId: 'd', place: 0, isUsable: true } as unknown as NonNullable<
      Candidate['keptKey']
    >;
    expect(held([ids(1, { keptKey })])).toEqual([1, null]);
  });

  it('waits alone behind full ones, also with the rest of a list', () => {
    expect(held([ids(9, { rank: 0 }), ids(1)])).toEqual([10, null]);
    expect(held([ids(8, { rank: 0 }), ids(2)])).toEqual([8, 1500]);
    expect(held([ids(6)])).toEqual([4, 1500]);
    const [full, rest] = [ids(8, { rank: 0 }), ids(2)];
    expect(holdShortDispatch([full, rest], 4, TERMS, NOW_MS).selected).toEqual([full]);
  });
});
