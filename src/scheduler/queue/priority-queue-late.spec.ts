import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ManualClock } from '../../../test/support/manual-clock.js';
import type { MemoryQueueRepository } from '../../../test/support/memory-queue.js';
import {
  dispatchesOf,
  lane,
  MemoryQueueFixture,
  SHARED,
} from '../../../test/support/memory-queue-fixture.js';
import { schedulerOptions } from '../../../test/support/options.js';
import type { Dispatch } from '../../domain/dispatch.js';
import type { LateRelease } from './claim-result.js';
import { UNPACED_LEAVE_MS } from './lane-grants.js';
import type { PriorityQueue } from './priority-queue.js';

const DELAY_MS = 5000;

describe('A claim that commits too late for its slot', () => {
  let clock: ManualClock;
  let store: MemoryQueueRepository;
  let queue: PriorityQueue;
  let late: LateRelease[];

  beforeEach(() => {
    ({ clock, store, queue } = new MemoryQueueFixture(SHARED));
    late = [];
    queue.lateReleases.subscribe((release) => late.push(release));
    store.accept(0, 1);
  });

  async function claimLate(): Promise<Dispatch> {
    store.beforeCommit = () => {
      clock.advance(100);
    };
    const result = await queue.claim({ lane: lane(1, DELAY_MS) });
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

  it('is released where its lease has ended: its ids may be another dispatch by now', async () => {
    const dispatch = await claimLate();
    store.beforeCommit = () => undefined;
    clock.advance(schedulerOptions().leaseMs - 100);

    expect(await queue.awaitStart(dispatch)).toBe(false);
    expect(store.released).toEqual([dispatch.dispatchId]);
  });

  it('is not sent where its lease has ended while its call got ready, unless it was renewed', async () => {
    const { leaseMs } = schedulerOptions();
    const dispatch = await claimLate();
    store.beforeCommit = () => undefined;
    expect(await queue.awaitStart(dispatch)).toBe(true);
    clock.advance(leaseMs / 2);
    queue.recordRenewal([dispatch], clock.monotonicMs(), leaseMs);
    clock.advance(leaseMs - 1);
    expect(await queue.awaitSendSlot(dispatch)).toBe(true);
    clock.advance(1);

    expect(await queue.awaitSendSlot(dispatch)).toBe(false);
    expect(late).toEqual([{ lane: 'default', reason: 'late_call' }]);
  });

  it.each([
    ['paused', { isPaused: true }],
    ['held by its upstream', { heldUntilMs: Number.MAX_SAFE_INTEGER }],
  ])('is released where the lane is %s meanwhile, and does not count as late', async (_, closed) => {
    const dispatch = await claimLate();
    store.beforeCommit = () => undefined;
    Object.assign(store.gate(), closed);

    expect(await queue.awaitStart(dispatch)).toBe(false);
    expect(store.released).toEqual([dispatch.dispatchId]);
    expect(late).toEqual([]);
  });

  it('takes a later slot again once the lane is open again', async () => {
    const dispatch = await claimLate();
    store.gate().isPaused = true;
    expect(await queue.awaitStart(dispatch)).toBe(false);
    store.gate().isPaused = false;
    clock.advance(2 * DELAY_MS);
    store.accept(0, 1);
    const next = await claimLate();
    store.beforeCommit = () => undefined;

    expect(await queue.awaitStart(next)).toBe(true);
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

describe.each([
  ['an embedded store', { isShared: false, restartMarginMs: 50 }],
  ['a shared store', SHARED],
])('A call that is claimed and has not left, with %s,', (_, sharing) => {
  it.each([0, DELAY_MS])(
    'does not leave during a hold that its upstream asks of this process (delay %i)',
    async (delayMs) => {
      const { clock, store, queue } = new MemoryQueueFixture(sharing);
      store.accept(0, 1);
      const result = await queue.claim({ lane: lane(1, delayMs) });
      const [dispatch] = dispatchesOf(result);
      if (dispatch === undefined) {
        throw new Error('nothing was claimed');
      }
      expect(await queue.awaitStart(dispatch)).toBe(true);
      queue.recordHold('default', 1000);
      queue.recordHold('default', 10); // a shorter hold ends no longer one

      expect(await queue.awaitSendSlot(dispatch)).toBe(false);
      clock.advance(1000);
      expect(await queue.awaitSendSlot(dispatch)).toBe(true);
    },
  );

  it('does not leave late while the lane is held or paused, where it has no pace', async () => {
    const { clock, store, queue } = new MemoryQueueFixture(sharing);
    store.accept(0, 1);
    const result = await queue.claim({ lane: lane(1, 0) });
    const [dispatch] = dispatchesOf(result);
    if (dispatch === undefined) {
      throw new Error('nothing was claimed');
    }
    clock.advance(UNPACED_LEAVE_MS + 1);
    store.gate().isPaused = true;

    expect(await queue.awaitSendSlot(dispatch)).toBe(!sharing.isShared);
  });
});
