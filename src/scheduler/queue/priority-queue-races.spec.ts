import { beforeEach, describe, expect, it } from '@jest/globals';
import type { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import { lane, MemoryQueueFixture, STORES } from '../../../test/support/memory-queue-fixture.js';

const DELAY_MS = 5000;

describe.each(STORES)('A race for the claim epoch on a store %s', (_name, sharing) => {
  let store: MemoryQueueRepository;
  let fixture: MemoryQueueFixture;

  beforeEach(() => {
    fixture = new MemoryQueueFixture(sharing);
    ({ store } = fixture);
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

    expect(await fixture.claimParts(lane(1))).toEqual([[[2, 0, 0, 1]]]);
    expect(races).toBe(2);
  });

  it('waits for the next slot where another process took this one', async () => {
    store.accept(0, 1);
    store.beforeCommit = () => {
      store.take('default', { sendWithinMs: 0, delayMs: DELAY_MS });
    };

    expect(await fixture.claim(lane(1, DELAY_MS))).toMatchObject({
      kind: 'slot_closed',
      opensInMs: DELAY_MS,
    });
    expect(store.commits).toHaveLength(1);
  });

  it('pauses after ten lost races', async () => {
    store.accept(0, 1);
    store.beforeCommit = () => {
      store.gate().epoch += 1;
    };

    expect(await fixture.claim(lane(1))).toEqual({ kind: 'slot_closed', opensInMs: 2 });
    expect(store.commits).toHaveLength(10);
  });

  it('claims with the other lanes where one of them loses its races', async () => {
    store.accept(0, 1, { lane: 'a' });
    store.accept(0, 1, { lane: 'b' });
    store.beforeCommit = () => {
      store.gate('a').epoch += 1;
    };
    const results = await Promise.all(['a', 'b'].map((name) => fixture.claim(lane(1, 0, name))));

    expect(results.map(({ kind }) => kind)).toEqual(['slot_closed', 'claimed']);
  });

  it('does not hold back a lane whose commit failed', async () => {
    store.accept(0, 1);
    store.beforeCommit = () => {
      throw new Error('the store is away');
    };
    await expect(fixture.claim(lane(1))).rejects.toThrow('the store is away');
    store.beforeCommit = () => undefined;

    expect(await fixture.claimParts(lane(1))).toHaveLength(1);
  });
});
