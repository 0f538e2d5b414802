import type { Dispatch } from '../../src/domain/dispatch.js';
import type { ClaimResult } from '../../src/scheduler/queue/claim-result.js';
import type { ClaimedLane } from '../../src/scheduler/queue/claimed-lane.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import { ManualClock } from './manual-clock.js';
import { MemoryQueueRepository } from './memory-queue.js';
import { schedulerOptions } from './options.js';

/** The `sharing` of a store of several processes. */
export const SHARED = { isShared: true, restartMarginMs: 0 };

/** The kinds of stores, each with its `sharing`. */
export const STORES = [
  ['of one process', undefined],
  ['of several processes', SHARED],
] as const;

/** Returns a lane with these settings. */
export function lane(batchSize: number, batchDelayMs = 0, name = 'default'): ClaimedLane {
  return { options: { name, batchSize, batchDelayMs } };
}

/** Returns the dispatches of a claim. */
export function dispatchesOf(result: ClaimResult | undefined): readonly Dispatch[] {
  if (result?.kind !== 'claimed') {
    throw new Error(`nothing claimed, but ${JSON.stringify(result)}`);
  }
  return result.dispatches;
}

/** A priority queue on a store in memory, whose clock stands still. */
export class MemoryQueueFixture {
  readonly clock = new ManualClock();
  readonly store: MemoryQueueRepository;
  queue: PriorityQueue;

  /** `sharing` is one of {@link STORES}. */
  constructor(sharing: (typeof STORES)[number][1]) {
    this.store = new MemoryQueueRepository(this.clock, sharing);
    this.queue = this.newQueue();
  }

  /** Goes on with a queue that has these options. */
  use(options: Partial<SchedulerOptions>): void {
    this.queue = this.newQueue(options);
  }

  claim(claimed: ClaimedLane, maxDispatches = 1): Promise<ClaimResult> {
    return this.queue.claim({ lane: claimed, maxDispatches });
  }

  /** Claims. Returns the parts of each dispatch, as `[list, batch, first id, number of ids]`. */
  async claimParts(claimed: ClaimedLane, maxDispatches = 1): Promise<number[][][]> {
    return dispatchesOf(await this.claim(claimed, maxDispatches)).map(partsOf);
  }

  private newQueue(options: Partial<SchedulerOptions> = {}): PriorityQueue {
    return new PriorityQueue(this.store, Object.assign(schedulerOptions(), options), this.clock);
  }
}

function partsOf({ parts }: Dispatch): number[][] {
  return parts.map(({ ingestionId, batchNo, first, size }) => [Number(ingestionId), batchNo, first, size]);
}
