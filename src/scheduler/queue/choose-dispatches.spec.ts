import { describe, expect, it } from '@jest/globals';
import { firstIds, selectPending, splitIntoDispatches, toRuns } from './choose-dispatches.js';
import { newCandidate } from '../../../test/support/candidates.js';
import type { Candidate, PendingStreams, Selection } from './queue.repository.js';

const NOW_MS = 10_000;
const READING: PendingStreams = {
  nowMs: NOW_MS,
  streams: [],
  clientStreams: [],
  isTruncated: () => false,
};

/** Creates a candidate: the whole of a new list of nine ids, except for the fields in `some`. */
function candidate(seq: number, some: Partial<Candidate> = {}): Candidate {
  return newCandidate({ pendingSinceMs: NOW_MS, seq, size: 9, ...some });
}

function select(seq: number, size: number, some: Partial<Candidate> = {}): Selection {
  return { candidate: candidate(seq, some), size };
}

/** Returns list, batch, first id and size of each part. */
function parts(dispatches: readonly (readonly Selection[])[]): number[][][] {
  return dispatches.map((dispatch) =>
    dispatch.map(({ candidate: { seq, batchNo, first }, size }) => [seq, batchNo, first, size]),
  );
}

describe('The ids that go next', () => {
  it('are those of all streams in their order, with the clients of a priority in turns', () => {
    const ann = [candidate(1, { client: 'ann' })];
    const bob = [candidate(2, { client: 'bob' })];
    const retry = [candidate(3, { isRetry: true, size: 1 })];
    const low = [candidate(4, { rank: 2 })];
    const selected = selectPending(
      { ...READING, streams: [low, retry], clientStreams: [[ann, bob]] },
      { maxIds: 4, agingMs: null },
    );

    expect(selected.map(({ candidate: { seq, first }, size }) => [seq, first, size])).toEqual([
      [3, 0, 1],
      [1, 0, 1],
      [2, 0, 1],
      [1, 1, 1],
    ]);
  });

  it('age by the time of the reading', () => {
    const old = [candidate(2, { rank: 2, pendingSinceMs: NOW_MS - 200 })];
    const streams = [[candidate(3, { rank: 0 })], old];
    const next = (agingMs: number): number | undefined =>
      selectPending({ ...READING, streams }, { maxIds: 1, agingMs })[0]?.candidate.seq;

    expect([next(100), next(101)]).toEqual([2, 3]);
  });

  it('are cut to as many as have room, over all lists', () => {
    const selected = [[select(1, 3)], [select(2, 2), select(3, 4)]];
    const sizes = (maxIds: number): number[][] =>
      firstIds(selected, maxIds).map((each) => each.map(({ size }) => size));

    expect(sizes(9)).toStrictEqual([[3], [2, 4]]);
    expect(sizes(6)).toStrictEqual([[3], [2, 1]]);
    expect(sizes(5)).toStrictEqual([[3], [2]]);
    expect(sizes(2)).toStrictEqual([[2], []]);
  });
});

describe('Selected ids', () => {
  it('fill one dispatch after the other, and each is a batch of its list', () => {
    expect(parts(splitIntoDispatches([[select(1, 4, { batchNo: 5, first: 10 }), select(2, 3)]], 3))).toEqual([
      [[1, 5, 10, 3]],
      [
        [1, 6, 13, 1],
        [2, 0, 0, 2],
      ],
      [[2, 1, 2, 1]],
    ]);
  });

  it('share no dispatch where they are selected apart', () => {
    expect(parts(splitIntoDispatches([[select(1, 2)], [select(2, 2)]], 3))).toEqual([
      [[1, 0, 0, 2]],
      [[2, 0, 0, 2]],
    ]);
  });

  it('are one batch in a dispatch, also if the turns of other clients were between them', () => {
    const turns = [select(1, 1), select(2, 1), select(1, 1, { first: 1 }), select(2, 1, { first: 1 })];
    expect(parts(splitIntoDispatches([turns], 4))).toEqual([
      [
        [1, 0, 0, 2],
        [2, 0, 0, 2],
      ],
    ]);
  });

  it('that are tried again stay in the batch that they had', () => {
    const retries = [1, 2].map((batchNo) => select(1, 1, { isRetry: true, batchNo, first: batchNo }));
    expect(parts(splitIntoDispatches([[...retries, select(1, 3, { batchNo: 7, first: 21 })]], 3))).toEqual([
      [
        [1, 1, 1, 1],
        [1, 2, 2, 1],
        [1, 7, 21, 1],
      ],
      [[1, 8, 22, 2]],
    ]);
  });

  it('count for the rules with their priority and cost', () => {
    expect(toRuns([select(1, 2, { rank: 0, units: 5 }), select(2, 1)])).toEqual([
      { rank: 0, ids: 2, units: 5 },
      { rank: 1, ids: 1, units: 1 },
    ]);
  });
});
