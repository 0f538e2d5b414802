import { beforeEach, describe, expect, it } from '@jest/globals';
import { dispatchesOf, MemoryQueueFixture, STORES } from '../../../test/support/memory-queue-fixture.js';
import { parseLimits } from '../../domain/limits/parse-limits.js';
import { LaneRules } from '../rules/lane-rules.js';
import type { ClaimedLane } from './claimed-lane.js';

function laneWith(limits: unknown): ClaimedLane {
  const rules = new LaneRules({ limits: parseLimits(limits), batchSize: 3, isPerId: false, timeoutMs: 1000 });
  return { options: { name: 'default', batchSize: 3, batchDelayMs: 0, rules } };
}

describe.each(STORES)('A claim in a lane with rules, in a store %s,', (_, sharing) => {
  let fixture: MemoryQueueFixture;

  beforeEach(() => {
    fixture = new MemoryQueueFixture(sharing);
    fixture.store.accept(0, 30);
  });

  it('asks the store no more while a rule is known to hold the lane', async () => {
    const lane = laneWith([{ calls: 1, per: 60 }]);
    await fixture.claim(lane);
    const closed = await fixture.claim(lane);
    const reads = fixture.store.reads.length;

    expect(await fixture.claim(lane)).toEqual(closed);
    expect(fixture.store.reads).toHaveLength(reads);
    fixture.clock.advance(61_000);
    expect(dispatchesOf(await fixture.claim(lane))).toHaveLength(1);
  });

  it('takes the part of the selected ids that has room, and leaves the rest in their order', async () => {
    const lane = laneWith([{ ids: 7, per: 60 }]);

    expect(await fixture.claimParts(lane, 5)).toEqual([[[1, 0, 0, 3]], [[1, 1, 3, 3]]]);
    expect(await fixture.claimParts(lane, 5)).toEqual([[[1, 2, 6, 1]]]);
  });

  it('asks nothing about rules in a lane that has none', async () => {
    await fixture.claim({ options: { name: 'default', batchSize: 3, batchDelayMs: 0 } });

    expect(fixture.store.reads).toMatchObject([{ rules: null }]);
    expect(fixture.store.commits[0]).toMatchObject([{ departures: null }]);
  });
});
