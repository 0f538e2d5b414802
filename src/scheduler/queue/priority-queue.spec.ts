import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ManualClock } from '../../../test/support/manual-clock.js';
import type { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import {
  dispatchesOf,
  lane,
  MemoryQueueFixture,
  STORES,
} from '../../../test/support/memory-queue-fixture.js';
import type { Dispatch } from '../../domain/dispatch.js';
import type { ClaimEvent } from './claim-result.js';

const DELAY_MS = 5000;

describe.each(STORES)('The priority queue on a store %s', (_name, sharing) => {
  let clock: ManualClock;
  let store: MemoryQueueRepository;
  let fixture: MemoryQueueFixture;

  beforeEach(() => {
    fixture = new MemoryQueueFixture(sharing);
    ({ clock, store } = fixture);
  });

  it('claims the ids that are next, across lists', async () => {
    store.accept(1, 2);
    store.accept(0, 1);

    expect(await fixture.claimParts(lane(2))).toEqual([
      [
        [2, 0, 0, 1],
        [1, 0, 0, 1],
      ],
    ]);
  });

  it('says that nothing is due, and when the next retry is', async () => {
    expect(await fixture.claim(lane(3))).toEqual({ kind: 'nothing_due', dueInMs: null });
    store.retryAt(clock.monotonicMs() + 700, 0, 1, 0);

    expect(await fixture.claim(lane(3))).toEqual({ kind: 'nothing_due', dueInMs: 700 });
    expect(store.commits).toEqual([]);
  });

  it('claims nothing while the lane is paused or held, and says so', async () => {
    store.accept(0, 1);
    store.gate().isPaused = true;
    expect(await fixture.claim(lane(3))).toEqual({ kind: 'paused' });
    store.gate().isPaused = false;
    await store.holdLane('default', 400);

    expect(await fixture.claim(lane(3))).toEqual({ kind: 'held', opensInMs: 400 });
    clock.advance(400);
    expect(await fixture.claimParts(lane(3))).toHaveLength(1);
  });

  it('reads nothing while it knows that the slot is closed', async () => {
    store.accept(0, 9);
    await fixture.claim(lane(1, DELAY_MS));
    const reads = store.reads.length;
    const closed = await fixture.claim(lane(1, DELAY_MS));

    expect(closed.kind).toBe('slot_closed');
    expect(store.reads).toHaveLength(reads);
  });

  it('claims one dispatch for a slot, however many it may', async () => {
    store.accept(0, 9);

    expect(await fixture.claimParts(lane(1, DELAY_MS), 5)).toHaveLength(1);
  });

  it('claims several dispatches at once without a limit, in one commit and in the order of single claims', async () => {
    store.accept(1, 5);
    store.accept(1, 3);

    expect(await fixture.claimParts(lane(2), 3)).toEqual([
      [[1, 0, 0, 2]],
      [[1, 1, 2, 2]],
      [
        [1, 2, 4, 1],
        [2, 0, 0, 1],
      ],
    ]);
    expect(store.commits).toHaveLength(1);
    expect(await fixture.claimParts(lane(2), 3)).toEqual([[[2, 1, 1, 2]]]);
  });

  it('claims in several lanes at once with one commit, and has a result for each', async () => {
    store.accept(0, 1, { lane: 'a' });
    store.accept(0, 1, { lane: 'c' });
    store.gate('b').isPaused = true;
    const results = await Promise.all(['a', 'b', 'c'].map((name) => fixture.claim(lane(1, 0, name))));

    expect(results.map(({ kind }) => kind)).toEqual(['claimed', 'paused', 'claimed']);
    expect(store.commits.map((claims) => claims.map((each) => each.lane))).toEqual([['a', 'c']]);
  });

  it('lets ids rise with their age', async () => {
    store.accept(2, 1);
    clock.advance(1000);
    store.accept(0, 1);
    fixture.use({ agingMs: 500 });

    expect(await fixture.claimParts(lane(1))).toEqual([[[1, 0, 0, 1]]]);
  });

  it('announces each result and each dispatch that starts', async () => {
    const events: ClaimEvent[] = [];
    const starts: Dispatch[] = [];
    fixture.queue.claims.subscribe((event) => events.push(event));
    fixture.queue.starts.subscribe((dispatch) => starts.push(dispatch));
    store.accept(0, 1);
    const [dispatch] = dispatchesOf(await fixture.claim(lane(1)));
    await fixture.claim(lane(1));
    expect(starts).toEqual([]);
    expect(dispatch !== undefined && (await fixture.queue.awaitStart(dispatch))).toBe(true);

    expect(events.map(({ result }) => result.kind)).toEqual(['claimed', 'nothing_due']);
    expect(starts).toEqual([dispatch]);
  });
});
