import { describe, expect, it } from '@jest/globals';
import { lastServed, mergeByIngestion, roundRobin } from './fair-share.js';
import { newCandidate } from '../../../test/support/candidates.js';
import type { Candidate, Selection } from './queue.repository.js';

function list(seq: number, size: number, some: Partial<Candidate> = {}): Candidate {
  return newCandidate({ seq, size, ...some });
}

function turns(...clients: Candidate[][]): number[][] {
  return Array.from(roundRobin(clients), ({ seq, first, size }) => [seq, first, size]);
}

describe('Clients that take turns', () => {
  it('send one id each, and one that has no more is passed over', () => {
    expect(turns([list(1, 3)], [list(2, 1)], [], [list(3, 2)])).toEqual([
      [1, 0, 1],
      [2, 0, 1],
      [3, 0, 1],
      [1, 1, 1],
      [3, 1, 1],
      [1, 2, 1],
    ]);
  });

  it('send their lists one after the other, from where each has got to', () => {
    expect(turns([list(1, 2, { first: 7 }), list(4, 1)], [list(2, 1)])).toEqual([
      [1, 7, 1],
      [2, 0, 1],
      [1, 8, 1],
      [4, 0, 1],
    ]);
  });

  it('are read no further than their turns need', () => {
    const read: string[] = [];
    function* clients(): Generator<Generator<Candidate>> {
      for (const name of ['ann', 'bob', 'eve']) {
        read.push(name);
        yield lists(name);
      }
    }
    function* lists(name: string): Generator<Candidate> {
      read.push(`${name} 1`);
      yield list(1, 1);
      read.push(`${name} 2`);
      yield list(2, 1);
    }
    const ids = roundRobin(clients());
    ids.next();
    ids.next();
    expect(read).toEqual(['ann', 'ann 1', 'bob', 'bob 1']);
    ids.next();
    ids.next();
    expect(read.slice(4)).toEqual(['eve', 'eve 1', 'ann 2']);
  });
});

describe('The ids of a dispatch', () => {
  const part = (seq: number, size: number, some: Partial<Candidate> = {}): Selection => ({
    candidate: list(seq, 9, some),
    size,
  });

  it('become one part for each list, at the place of its first ids; retries stay apart', () => {
    const merged = mergeByIngestion([
      part(1, 1, { first: 4 }),
      part(2, 1),
      part(1, 2, { first: 5 }),
      part(1, 1, { isRetry: true, first: 0 }),
      part(1, 1, { isRetry: true, first: 1 }),
    ]);
    expect(merged.map(({ candidate: { seq, first, isRetry }, size }) => [seq, first, isRetry, size])).toEqual(
      [
        [1, 4, false, 3],
        [2, 0, false, 1],
        [1, 0, true, 1],
        [1, 1, true, 1],
      ],
    );
  });

  it('name the client that was served last in each priority; a retry is nobody’s turn', () => {
    expect(
      lastServed([
        part(1, 1, { rank: 0, client: 'ann' }),
        part(2, 1, { rank: 0, client: 'bob' }),
        part(3, 1, { rank: 2 }),
        part(4, 1, { rank: 1, client: 'eve', isRetry: true }),
      ]),
    ).toEqual({ 0: 'bob', 2: '' });
  });
});
