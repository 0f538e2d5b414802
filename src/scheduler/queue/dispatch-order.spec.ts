import { describe, expect, it } from '@jest/globals';
import { selectNextIds, type SelectionOptions } from './dispatch-order.js';
import { newCandidate } from '../../../test/support/candidates.js';
import type { Candidate } from './queue.repository.js';

const HOUR_MS = 3_600_000;
const STRICT: SelectionOptions = { maxIds: 3, agingMs: null, nowMs: 100 * HOUR_MS };

/** Creates a candidate: one id of a fresh list, except for the fields in `some`. */
function candidate(some: Partial<Candidate>): Candidate {
  return newCandidate({ rank: 0, pendingSinceMs: STRICT.nowMs, ...some });
}

function fill(
  streams: readonly Iterable<Candidate>[],
  terms: Partial<SelectionOptions> = {},
): [number, number, number][] {
  return selectNextIds(streams, { ...STRICT, ...terms }).map(({ candidate: { seq, first }, size }) => [
    seq,
    first,
    size,
  ]);
}

describe('The order of a dispatch', () => {
  it('takes nothing where nothing waits', () => {
    expect(fill([])).toEqual([]);
    expect(fill([[], []])).toEqual([]);
  });

  it('follows the priority, whatever the order of the streams', () => {
    const streams = [2, 0, 1].map((rank) => [candidate({ rank: rank as 0 | 1 | 2, seq: rank + 1 })]);

    expect(fill(streams)).toEqual([
      [1, 0, 1],
      [2, 0, 1],
      [3, 0, 1],
    ]);
  });

  it('takes part of a list where the rest finds no place', () => {
    expect(fill([[candidate({ seq: 1, size: 2 }), candidate({ seq: 2, first: 7, size: 9 })]])).toEqual([
      [1, 0, 2],
      [2, 7, 1],
    ]);
  });

  it('leaves a dispatch short where too little waits', () => {
    expect(fill([[candidate({ size: 2 })]])).toEqual([[1, 0, 2]]);
  });

  it('fills the dispatch that is begun and begins no other, once it has taken from many lists', () => {
    const lists = Array.from({ length: 20 }, (_, i) => candidate({ seq: i + 1, size: i === 4 ? 9 : 1 }));
    const after = (candidates: number): Partial<SelectionOptions> => ({
      maxIds: 40,
      cutoff: { candidates, batchSize: 4 },
    });

    expect(fill([lists], after(3)).map(([seq, , size]) => [seq, size])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect(fill([lists], after(4))).toHaveLength(4);
    expect(fill([lists.slice(4)], after(1)).map(([seq, , size]) => [seq, size])).toEqual([
      [5, 9],
      [6, 1],
      [7, 1],
      [8, 1],
    ]);
  });

  it('takes retries before new ids of the same priority, but after those of a higher one', () => {
    const streams = [
      [candidate({ rank: 1, isRetry: true, seq: 9 })],
      [candidate({ rank: 1, seq: 1 })],
      [candidate({ rank: 0, seq: 10 })],
    ];

    expect(fill(streams).map(([seq]) => seq)).toEqual([10, 9, 1]);
  });

  it('orders retries by the time they fell due, then by acceptance, then by place in the list', () => {
    const due = (pendingSinceMs: number, seq: number, first: number): Candidate[] => [
      candidate({ isRetry: true, pendingSinceMs, seq, first }),
    ];

    expect(fill([due(2, 1, 1), due(2, 1, 0), due(1, 9, 9), due(2, 0, 5)], { maxIds: 4 })).toEqual([
      [9, 9, 1],
      [0, 5, 1],
      [1, 0, 1],
      [1, 1, 1],
    ]);
  });

  it('orders new ids by acceptance, not by the clock', () => {
    const streams = [
      [candidate({ seq: 2, pendingSinceMs: 0 })],
      [candidate({ seq: 1, pendingSinceMs: STRICT.nowMs })],
    ];

    expect(fill(streams).map(([seq]) => seq)).toEqual([1, 2]);
  });

  it('passes over all ids of a priority for which nothing is left, and takes those of the others', () => {
    const streams = [
      [candidate({ rank: 1, seq: 1 }), candidate({ rank: 1, seq: 2 })],
      [candidate({ rank: 1, isRetry: true, seq: 3 })],
      [candidate({ rank: 2, seq: 4 }), candidate({ rank: 2, seq: 5 })],
      [candidate({ rank: 0, seq: 6 })],
    ];
    const asked: number[] = [];
    const isReserved = ({ rank, seq }: Candidate): boolean => {
      asked.push(seq);
      return rank === 1;
    };

    expect(fill(streams, { isReserved }).map(([seq]) => seq)).toEqual([6, 4, 5]);
    expect(asked).toEqual([6, 3, 4, 5]);
  });

  describe('with aging', () => {
    const AGING = { agingMs: HOUR_MS, maxIds: 1 };
    const HIGH = candidate({ rank: 0, seq: 9 });

    it.each([
      [2, 2 * HOUR_MS - 1, 9],
      [2, 2 * HOUR_MS, 1],
      [2, 50 * HOUR_MS, 1],
      [1, HOUR_MS - 1, 9],
      [1, HOUR_MS, 1],
      [1, -HOUR_MS, 9],
    ] as const)('rank %i after %i ms of waiting: sends list %i first', (rank, waitedMs, first) => {
      const aged = candidate({ rank, seq: 1, pendingSinceMs: STRICT.nowMs - waitedMs });

      expect(fill([[HIGH], [aged]], AGING).map(([seq]) => seq)).toEqual([first]);
    });

    it('never raises above HIGH: a retry of it still goes before', () => {
      const retry = candidate({ rank: 0, isRetry: true, seq: 9 });
      const aged = candidate({ rank: 2, seq: 1, pendingSinceMs: 0 });

      expect(fill([[aged], [retry]], AGING)).toEqual([[9, 0, 1]]);
    });
  });

  describe('reading', () => {
    function* counted(
      candidates: readonly Candidate[],
      reads: number[],
      ends: number[],
      i: number,
    ): Generator<Candidate, void> {
      try {
        for (const one of candidates) {
          reads[i] = (reads[i] ?? 0) + 1;
          yield one;
        }
      } finally {
        ends[i] = (ends[i] ?? 0) + 1;
      }
    }

    it('reads one candidate ahead of each stream and no more, and lets every stream go', () => {
      const [reads, ends]: [number[], number[]] = [[], []];
      const backlog = Array.from({ length: 1000 }, (_, i) => candidate({ seq: i + 1 }));
      const low = backlog.map((one): Candidate => ({ ...one, rank: 2 }));

      fill([counted(backlog, reads, ends, 0), counted(low, reads, ends, 1)]);

      expect(reads).toEqual([4, 1]);
      expect(ends).toEqual([1, 1]);
    });

    it('lets every stream go also when one of them fails', () => {
      const ends: number[] = [];
      const failing: Iterable<Candidate> = {
        [Symbol.iterator]: () => ({
          next: () => {
            throw new Error('cannot be read');
          },
        }),
      };

      expect(() => fill([counted([candidate({})], [], ends, 0), failing])).toThrow('cannot be read');

      expect(ends).toEqual([1]);
    });
  });
});
