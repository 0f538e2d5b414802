import { beforeEach, describe, expect, it } from '@jest/globals';
import type { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import { lane, MemoryQueueFixture, STORES } from '../../../test/support/memory-queue-fixture.js';

describe.each(STORES)('Fair share on a store %s', (_name, sharing) => {
  let store: MemoryQueueRepository;
  let fixture: MemoryQueueFixture;

  beforeEach(() => {
    fixture = new MemoryQueueFixture(sharing);
    ({ store } = fixture);
    fixture.use({ fairShare: true });
  });

  it('lets the clients take turns, from the one after the last served, also over several dispatches', async () => {
    const [ann, bob, eve] = ['ann', 'bob', 'eve'].map((client) => store.accept(1, 9, { client }));
    expect(await fixture.claimParts(lane(2), 2)).toEqual([
      [
        [ann, 0, 0, 1],
        [bob, 0, 0, 1],
      ],
      [
        [eve, 0, 0, 1],
        [ann, 1, 1, 1],
      ],
    ]);

    expect(await fixture.claimParts(lane(2))).toEqual([
      [
        [bob, 1, 1, 1],
        [eve, 1, 1, 1],
      ],
    ]);
  });

  it('makes one batch of the ids of a list whose turns were not adjacent', async () => {
    const [ann, bob] = ['ann', 'bob'].map((client) => store.accept(1, 9, { client }));

    expect(await fixture.claimParts(lane(4))).toEqual([
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

    expect((await fixture.claimParts(lane(10)))[0]).toHaveLength(10);
    expect(store.reads.map(({ listsPerClient }) => listsPerClient)).toEqual([4, 8, 16]);
    expect(store.commits).toHaveLength(1);
  });
});
