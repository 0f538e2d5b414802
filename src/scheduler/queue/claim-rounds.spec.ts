import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ManualClock } from '../../../test/support/manual-clock.js';
import type { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import {
  dispatchesOf,
  lane,
  MemoryQueueFixture,
  SHARED,
  STORES,
} from '../../../test/support/memory-queue-fixture.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
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

    const [repeating, other] = await Promise.all([
      fixture.claim(repeatingLane(2)),
      fixture.claim(repeatingLane(2, 'other')),
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

describe('Claims of several lanes', () => {
  let fixture: MemoryQueueFixture;

  /** Claims in lanes of these numbers, whose ids are there. */
  function claimIn(laneNumbers: readonly number[], maxDispatches = 1): Promise<unknown> {
    const names = laneNumbers.map(String);
    names.forEach((name) => fixture.store.accept(0, 1, { lane: name }));
    return Promise.all(names.map((name) => fixture.claim(lane(1, 0, name), maxDispatches)));
  }

  function sizesOfCommits(): number[] {
    return fixture.store.commits.map(({ length }) => length);
  }

  beforeEach(() => {
    fixture = new MemoryQueueFixture(SHARED);
  });

  it('are at most 20 in one round', async () => {
    await claimIn(Array.from({ length: 45 }, (_, i) => i));

    expect(sizesOfCommits()).toEqual([20, 20, 5]);
  });

  it('do not share a round if they may take several dispatches', async () => {
    await claimIn([1, 2], 2);

    expect(sizesOfCommits()).toEqual([1, 1]);
  });

  it('gather while as many rounds run as may', async () => {
    const { store } = fixture;
    const durable = Promise.withResolvers<undefined>();
    const commitClaims = store.commitClaims.bind(store);
    jest.spyOn(store, 'commitClaims').mockImplementation(async (claims) => {
      const committed = await commitClaims(claims);
      await durable.promise;
      return committed;
    });
    const claims: Promise<unknown>[] = [];
    for (const laneNo of [1, 2, 3, 4, 5, 6, 7]) {
      claims.push(claimIn([laneNo]));
      await nextTurn();
    }
    expect(sizesOfCommits()).toEqual([1, 1, 1, 1]);
    durable.resolve(undefined);
    await Promise.all(claims);

    expect(sizesOfCommits()).toEqual([1, 1, 1, 1, 3]);
  });
});

describe('A claim on an embedded store', () => {
  it('may begin some ms early, to share a commit with other lanes', async () => {
    const { clock, store, queue } = new MemoryQueueFixture(undefined);
    store.accept(0, 2);
    const paced = lane(1, 1000);
    await queue.claim({ lane: paced });
    clock.advance(995);
    expect(await queue.claim({ lane: paced, isEarly: true })).toMatchObject({ maxEarlyMs: 4 });
    clock.advance(1);
    expect((await queue.claim({ lane: paced })).kind).toBe('slot_closed');
    expect((await queue.claim({ lane: paced, isEarly: true })).kind).toBe('claimed');

    expect(store.commits.flat().map(({ slot }) => slot.sendWithinMs)).toEqual([0, 4]);
  });

  it('fails alone where the error is not that of the store', async () => {
    const { store, queue } = new MemoryQueueFixture(undefined);
    const names = ['a', 'broken', 'c'];
    names.forEach((name) => store.accept(0, 1, { lane: name }));
    store.beforeCommit = (claims) => {
      if (claims.some((claim) => claim.lane === 'broken')) {
        throw new Error('list 2 is missing');
      }
    };
    const results = await Promise.allSettled(names.map((name) => queue.claim({ lane: lane(1, 0, name) })));

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails with the others of its commit where the store is away', async () => {
    const { store, queue } = new MemoryQueueFixture(undefined);
    const names = ['a', 'b'];
    names.forEach((name) => store.accept(0, 1, { lane: name }));
    let tries = 0;
    store.beforeCommit = () => {
      tries += 1;
      throw new StoreUnavailableError('away');
    };
    const results = await Promise.allSettled(names.map((name) => queue.claim({ lane: lane(1, 0, name) })));

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(tries).toBe(1);
  });

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
