import { beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import { schedulerOptions } from '../../../test/support/options.js';
import type { Dispatch } from '../../domain/dispatch.js';
import type { SchedulerOptions } from '../scheduler.options.js';
import type { ClaimEvent, ClaimResult, LateRelease } from './claim-result.js';
import type { ClaimedLane } from './lane-claim.js';
import { PriorityQueue } from './priority-queue.js';

const DELAY_MS = 5000;
const SHARED = { isShared: true, restartMarginMs: 0 };

function lane(batchSize: number, batchDelayMs = 0, name = 'default'): ClaimedLane {
  return { options: { name, batchSize, batchDelayMs } };
}

/** The parts of a dispatch, as `[list, batch, first id, number of ids]`. */
function partsOf({ parts }: Dispatch): number[][] {
  return parts.map(({ ingestionId, batchNo, first, size }) => [Number(ingestionId), batchNo, first, size]);
}

function dispatchesOf(result: ClaimResult | undefined): readonly Dispatch[] {
  if (result?.kind !== 'claimed') {
    throw new Error(`nothing claimed, but ${JSON.stringify(result)}`);
  }
  return result.dispatches;
}

describe.each([
  ['of one process', undefined],
  ['of several processes', SHARED],
] as const)('The priority queue on a store %s', (_name, sharing) => {
  let clock: ManualClock;
  let store: MemoryQueueRepository;
  let queue: PriorityQueue;

  function use(options: Partial<SchedulerOptions> = {}): void {
    const all = Object.assign(schedulerOptions(), options);
    queue = new PriorityQueue(store, all, clock);
  }

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryQueueRepository(clock, sharing);
    use();
  });

  async function claim(claimed: ClaimedLane, maxDispatches = 1): Promise<ClaimResult | undefined> {
    const [result] = await queue.claim([{ lane: claimed, maxDispatches }]);
    return result;
  }

  async function claimParts(claimed: ClaimedLane, maxDispatches = 1): Promise<number[][][]> {
    return dispatchesOf(await claim(claimed, maxDispatches)).map(partsOf);
  }

  it('claims the ids that are next, across lists', async () => {
    store.accept(1, 2);
    store.accept(0, 1);

    expect(await claimParts(lane(2))).toEqual([
      [
        [2, 0, 0, 1],
        [1, 0, 0, 1],
      ],
    ]);
  });

  it('says that nothing is due, and when the next retry is', async () => {
    expect(await claim(lane(3))).toEqual({ kind: 'nothing_due', dueInMs: null });
    store.retryAt(clock.monotonicMs() + 700, 0, 1, 0);

    expect(await claim(lane(3))).toEqual({ kind: 'nothing_due', dueInMs: 700 });
    expect(store.commits).toEqual([]);
  });

  it('claims nothing while the lane is paused or held, and says so', async () => {
    store.accept(0, 1);
    store.gate().isPaused = true;
    expect(await claim(lane(3))).toEqual({ kind: 'paused' });
    store.gate().isPaused = false;
    await store.holdLane('default', 400);

    expect(await claim(lane(3))).toEqual({ kind: 'held', opensInMs: 400 });
    clock.advance(400);
    expect(await claimParts(lane(3))).toHaveLength(1);
  });

  it('reads nothing while it knows that the slot is closed', async () => {
    store.accept(0, 9);
    await claim(lane(1, DELAY_MS));
    const reads = store.reads.length;
    const closed = await claim(lane(1, DELAY_MS));

    expect(closed?.kind).toBe('slot_closed');
    expect(store.reads).toHaveLength(reads);
  });

  it('claims one dispatch for a slot, however many it may', async () => {
    store.accept(0, 9);

    expect(await claimParts(lane(1, DELAY_MS), 5)).toHaveLength(1);
  });

  it('claims several dispatches at once without a limit, in one commit and in the order of single claims', async () => {
    store.accept(1, 5);
    store.accept(1, 3);

    expect(await claimParts(lane(2), 3)).toEqual([
      [[1, 0, 0, 2]],
      [[1, 1, 2, 2]],
      [
        [1, 2, 4, 1],
        [2, 0, 0, 1],
      ],
    ]);
    expect(store.commits).toHaveLength(1);
    expect(await claimParts(lane(2), 3)).toEqual([[[2, 1, 1, 2]]]);
  });

  it('claims in several lanes with one commit, and has a result for each', async () => {
    store.accept(0, 1, { lane: 'a' });
    store.accept(0, 1, { lane: 'c' });
    store.gate('b').isPaused = true;
    const results = await queue.claim([
      { lane: lane(1, 0, 'a') },
      { lane: lane(1, 0, 'b') },
      { lane: lane(1, 0, 'c') },
    ]);

    expect(results.map(({ kind }) => kind)).toEqual(['claimed', 'paused', 'claimed']);
    expect(store.commits.map((claims) => claims.map((each) => each.lane))).toEqual([['a', 'c']]);
  });

  it('reads and chooses again after a lost race', async () => {
    store.accept(1, 1);
    let races = 0;
    store.beforeCommit = () => {
      races += 1;
      if (races === 1) {
        store.gate().epoch += 1;
        store.accept(0, 1);
      }
    };

    expect(await claimParts(lane(1))).toEqual([[[2, 0, 0, 1]]]);
    expect(races).toBe(2);
  });

  it('waits for the next slot where another process took this one', async () => {
    store.accept(0, 1);
    store.beforeCommit = () => {
      store.take('default', { sendWithinMs: 0, delayMs: DELAY_MS });
    };

    expect(await claim(lane(1, DELAY_MS))).toEqual({ kind: 'slot_closed', opensInMs: DELAY_MS });
    expect(store.commits).toHaveLength(1);
  });

  it('pauses after ten lost races', async () => {
    store.accept(0, 1);
    store.beforeCommit = () => {
      store.gate().epoch += 1;
    };

    expect(await claim(lane(1))).toEqual({ kind: 'slot_closed', opensInMs: 2 });
    expect(store.commits).toHaveLength(10);
  });

  it('claims with the other lanes where one of them loses its races', async () => {
    store.accept(0, 1, { lane: 'a' });
    store.accept(0, 1, { lane: 'b' });
    store.beforeCommit = () => {
      store.gate('a').epoch += 1;
    };
    const results = await queue.claim([{ lane: lane(1, 0, 'a') }, { lane: lane(1, 0, 'b') }]);

    expect(results.map(({ kind }) => kind)).toEqual(['slot_closed', 'claimed']);
  });

  it('lets ids rise with their age', async () => {
    store.accept(2, 1);
    clock.advance(1000);
    store.accept(0, 1);
    use({ agingMs: 500 });

    expect(await claimParts(lane(1))).toEqual([[[1, 0, 0, 1]]]);
  });

  describe('with fair share', () => {
    beforeEach(() => {
      use({ fairShare: true });
    });

    it('lets the clients take turns, from the one after the last served, also over several dispatches', async () => {
      const [ann, bob, eve] = ['ann', 'bob', 'eve'].map((client) => store.accept(1, 9, { client }));
      expect(await claimParts(lane(2), 2)).toEqual([
        [
          [ann, 0, 0, 1],
          [bob, 0, 0, 1],
        ],
        [
          [eve, 0, 0, 1],
          [ann, 1, 1, 1],
        ],
      ]);

      expect(await claimParts(lane(2))).toEqual([
        [
          [bob, 1, 1, 1],
          [eve, 1, 1, 1],
        ],
      ]);
    });

    it('makes one batch of the ids of a list whose turns were not adjacent', async () => {
      const [ann, bob] = ['ann', 'bob'].map((client) => store.accept(1, 9, { client }));

      expect(await claimParts(lane(4))).toEqual([
        [
          [ann, 0, 0, 2],
          [bob, 0, 0, 2],
        ],
      ]);
    });

    it('reads deeper where a client has many short lists', async () => {
      for (let i = 0; i < 12; i++) {
        store.accept(1, 1, { client: 'ann' });
      }

      expect((await claimParts(lane(10)))[0]).toHaveLength(10);
      expect(store.reads.map(({ listsPerClient }) => listsPerClient)).toEqual([4, 8, 16]);
      expect(store.commits).toHaveLength(1);
    });
  });

  it('announces each result and each dispatch that starts', async () => {
    const events: ClaimEvent[] = [];
    const starts: Dispatch[] = [];
    queue.claims.subscribe((event) => events.push(event));
    queue.starts.subscribe((dispatch) => starts.push(dispatch));
    store.accept(0, 1);
    const [dispatch] = dispatchesOf(await claim(lane(1)));
    await claim(lane(1));
    expect(starts).toEqual([]);
    expect(dispatch !== undefined && (await queue.awaitStart(dispatch))).toBe(true);

    expect(events.map(({ result }) => result.kind)).toEqual(['claimed', 'nothing_due']);
    expect(starts).toEqual([dispatch]);
  });

  it('does not hold back a lane whose commit failed', async () => {
    store.accept(0, 1);
    store.beforeCommit = () => {
      throw new Error('the store is away');
    };
    await expect(claim(lane(1))).rejects.toThrow('the store is away');
    store.beforeCommit = () => undefined;

    expect(await claimParts(lane(1))).toHaveLength(1);
  });
});

describe('A claim that commits too late for its slot', () => {
  let clock: ManualClock;
  let store: MemoryQueueRepository;
  let queue: PriorityQueue;
  let late: LateRelease[];

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryQueueRepository(clock, SHARED);
    queue = new PriorityQueue(store, schedulerOptions(), clock);
    late = [];
    queue.lateReleases.subscribe((release) => late.push(release));
    store.accept(0, 1);
  });

  async function claimLate(): Promise<Dispatch> {
    store.beforeCommit = () => {
      clock.advance(100);
    };
    const [result] = await queue.claim([{ lane: lane(1, DELAY_MS) }]);
    const [dispatch] = dispatchesOf(result);
    if (dispatch === undefined) {
      throw new Error('nothing was claimed');
    }
    return dispatch;
  }

  /** Lets another process take each later slot. */
  function loseLaterSlots(): void {
    store.beforeCommit = () => {
      store.gate().epoch += 1;
      store.gate().lastSendMs = clock.monotonicMs() - 2 * DELAY_MS;
    };
  }

  it('takes a later slot if it can', async () => {
    const dispatch = await claimLate();
    store.beforeCommit = () => undefined;

    expect(await queue.awaitStart(dispatch)).toBe(true);
    expect(store.released).toEqual([]);
  });

  it('is released where others took the later slots', async () => {
    const dispatch = await claimLate();
    loseLaterSlots();

    expect(await queue.awaitStart(dispatch)).toBe(false);
    expect(store.released).toEqual([dispatch.dispatchId]);
    expect(late).toEqual([{ lane: 'default', reason: 'late_commit' }]);
  });

  it('is left to the store where it cannot be released now', async () => {
    const dispatch = await claimLate();
    loseLaterSlots();
    store.isReleaseFailing = true;

    await expect(queue.awaitStart(dispatch)).rejects.toThrow('the store is away');
    expect(store.abandoned).toEqual([dispatch.dispatchId]);
    expect(late).toEqual([]);
  });
});
