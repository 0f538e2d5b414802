import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ManualClock } from '../../../test/support/manual-clock.js';
import type { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import {
  dispatchesOf,
  lane,
  MemoryQueueFixture,
  STORES,
} from '../../../test/support/memory-queue-fixture.js';
import type { ClaimedLane } from './claimed-lane.js';

/** The fewest lists of one step. */
const STEP = 50;

/** A lane whose upstream takes all ids of a call under one key. */
function repeatingLane(batchSize: number, name = 'default'): ClaimedLane {
  return { ...lane(batchSize, 0, name), externalApi: { sharesKey: true } };
}

describe.each(STORES)('A claim on a store %s', (_name, sharing) => {
  let clock: ManualClock;
  let store: MemoryQueueRepository;
  let fixture: MemoryQueueFixture;

  beforeEach(() => {
    fixture = new MemoryQueueFixture(sharing);
    ({ clock, store } = fixture);
  });

  async function countClaimed(batchSize: number, maxDispatches: number): Promise<number> {
    return (await fixture.claimParts(lane(batchSize), maxDispatches)).flat().length;
  }

  it('admits lists that are due before it chooses, and then takes as many ids as usual', async () => {
    for (let i = 0; i < STEP + 5; i++) {
      store.accept(1, 1);
    }
    store.scheduleAt(clock.monotonicMs(), 0);

    const claimed = await fixture.claimParts(lane(10), 6);
    expect(claimed[0]?.[0]).toEqual([STEP + 6, 0, 0, 1]);
    expect(claimed.flat()).toHaveLength(STEP + 6);
    expect(store.admissions).toEqual([1]);
  });

  it('admits one step of many lists that are due, and takes no more ids than these', async () => {
    for (let i = 0; i < STEP + 10; i++) {
      store.scheduleAt(clock.monotonicMs(), 0);
    }
    store.accept(1, 30);

    expect(await countClaimed(10, 9)).toBe(STEP);
    expect(store.admissions).toEqual([STEP]);
    expect(await countClaimed(10, 1)).toBe(10);
    expect(store.admissions).toEqual([STEP, 10]);
  });

  it('cancels all lists that have expired before it chooses, in steps between which others have their turn', async () => {
    const events: string[] = [];
    const admitDue = store.admitDue.bind(store);
    jest.spyOn(store, 'admitDue').mockImplementation((name, limit) => {
      events.push('step');
      setImmediate(() => events.push('turn'));
      return admitDue(name, limit);
    });
    for (let i = 0; i < 2 * STEP; i++) {
      store.expireAt(clock.monotonicMs(), store.accept(0, 3));
    }
    const kept = store.accept(2, 1);

    expect(await fixture.claimParts(lane(3))).toEqual([[[kept, 0, 0, 1]]]);
    expect(store.admissions).toEqual([-STEP, -STEP]);
    expect(events).toEqual(['step', 'turn', 'step', 'turn']);
  });

  it('leaves a list that expires only later, and one that is due only later', async () => {
    store.expireAt(clock.monotonicMs() + 1, store.accept(2, 1));
    store.scheduleAt(clock.monotonicMs() + 1, 0);

    expect(await fixture.claimParts(lane(3))).toEqual([[[1, 0, 0, 1]]]);
    expect(store.admissions).toEqual([]);
  });

  it.each([
    [null, null, null],
    [700, null, 700],
    [null, 300, 300],
    [700, 300, 300],
    [200, 300, 200],
  ])('knows when a list is due in %s or expires in %s', async (dueInMs, expiresInMs, nextInMs) => {
    store.expireAt(clock.monotonicMs() + 50, store.accept(2, 1));
    await fixture.claim(lane(1)); // takes the id, and the time of its list is past
    expect(fixture.queue.scheduledInMs('default')).toBe(50);
    const seq = store.accept(2, 2);
    if (dueInMs !== null) {
      store.scheduleAt(clock.monotonicMs() + dueInMs, 0);
    }
    if (expiresInMs !== null) {
      store.expireAt(clock.monotonicMs() + expiresInMs, seq);
    }
    await fixture.claim(lane(1));

    expect(fixture.queue.scheduledInMs('default')).toBe(nextInMs);
  });

  it('repeats a call whole, in its order, also where other retries fell due between its ids', async () => {
    const dueMs = clock.monotonicMs() - 10;
    [0, 5].forEach((first, place) => {
      ['a', 'b'].forEach((dispatchId, i) => {
        const keptKey = { dispatchId, place, size: 2 };
        store.retryAt(dueMs + 2 * place + i, 1, 1 + i, first, { keptKey });
      });
    });
    store.accept(1, 1, { lane: 'other' });

    const [repeating, other] = await fixture.queue.claim([
      { lane: repeatingLane(2) },
      { lane: repeatingLane(2, 'other') },
    ]);
    expect(dispatchesOf(repeating)[0]?.parts).toMatchObject([
      { ingestionId: '1', first: 0 },
      { ingestionId: '1', first: 5 },
    ]);
    expect(dispatchesOf(other)).toHaveLength(1);
  });

  it('reads no calls to repeat where none of its ids keeps a key', async () => {
    const readRepeated = jest.spyOn(store, 'readRepeated');
    store.accept(1, 1);
    store.retryAt(clock.monotonicMs(), 1, 1, 0);
    await fixture.claimParts(repeatingLane(3));

    expect(readRepeated).not.toHaveBeenCalled();
  });
});

describe('A claim on an embedded store', () => {
  it.each([
    ['new ids', undefined],
    ['a call that is repeated', { dispatchId: 'a', place: 0, size: 1 }],
  ])('commits %s in the turn in which it reads, so that nothing comes between', async (_case, keptKey) => {
    const fixture = new MemoryQueueFixture(undefined);
    const { clock, store } = fixture;
    const events: string[] = [];
    const readHeads = store.readHeads.bind(store);
    jest.spyOn(store, 'readHeads').mockImplementation((requests) => {
      queueMicrotask(() => events.push('another event'));
      return readHeads(requests);
    });
    store.beforeCommit = () => {
      events.push('commit');
    };
    store.accept(1, 1);
    if (keptKey !== undefined) {
      store.retryAt(clock.monotonicMs(), 1, 1, 0, { keptKey });
    }
    await fixture.claimParts(repeatingLane(1));

    expect(events).toEqual(['commit', 'another event']);
  });
});
