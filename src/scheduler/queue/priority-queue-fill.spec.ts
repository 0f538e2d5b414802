import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MemoryQueueFixture, STORES } from '../../../test/support/memory-queue-fixture.js';
import type { ManualClock } from '../../../test/support/manual-clock.js';
import type { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import type { ClaimedLane } from './claimed-lane.js';

const MAX_WAIT_MS = 2000;

/** A lane of three ids a dispatch; with `minFill` a shorter one waits, unless it has an id of HIGH. */
function lane(minFill?: number): ClaimedLane {
  const fill = minFill === undefined ? null : { minFill, maxWaitMs: MAX_WAIT_MS, exemptRanks: [0 as const] };
  return { options: { name: 'default', batchSize: 3, batchDelayMs: 0, fill } };
}

describe.each(STORES)('A lane with a minimum fill on a store %s', (_name, sharing) => {
  let clock: ManualClock;
  let store: MemoryQueueRepository;
  let fixture: MemoryQueueFixture;

  beforeEach(() => {
    fixture = new MemoryQueueFixture(sharing);
    ({ clock, store } = fixture);
  });

  it('claims to the millisecond when its oldest id has waited for the maximum time', async () => {
    store.accept(2, 1);
    clock.advance(500);
    store.accept(2, 1);

    expect(await fixture.claim(lane(3))).toEqual({ kind: 'filling', opensInMs: 1500, fullInMs: 1500 });
    clock.advance(1499);
    expect(await fixture.claim(lane(3))).toEqual({ kind: 'filling', opensInMs: 1, fullInMs: 1 });
    expect(store.commits).toEqual([]);
    clock.advance(1);
    expect(await fixture.claimParts(lane(3))).toHaveLength(1);
  });

  it('says for how long it waits, until it claims', async () => {
    store.accept(2, 1);
    await fixture.claim(lane(2));
    expect(fixture.queue.fillingForMs('default')).toBe(MAX_WAIT_MS);
    clock.advance(500);
    expect(fixture.queue.fillingForMs('default')).toBe(1500);
    store.accept(2, 1);
    await fixture.claim(lane(2));

    expect(fixture.queue.fillingForMs('default')).toBeNull();
  });

  it('claims again when the next retry falls due', async () => {
    store.accept(2, 1);
    store.retryAt(clock.monotonicMs() + 700, 2, 1, 0);

    expect(await fixture.claim(lane(2))).toEqual({ kind: 'filling', opensInMs: 700, fullInMs: MAX_WAIT_MS });
    clock.advance(700);
    expect(await fixture.claimParts(lane(2))).toHaveLength(1);
  });

  it.each([
    ['without one', undefined, 1],
    ['and enough ids', 2, 2],
  ])('%s reads and commits once, and nothing more', async (_case, minFill, ids) => {
    const nextDueInMs = jest.spyOn(store, 'nextDueInMs');
    store.accept(2, ids);
    await fixture.claimParts(lane(minFill));

    expect([store.reads.length, store.commits.length, nextDueInMs.mock.calls.length]).toEqual([1, 1, 0]);
  });
});
