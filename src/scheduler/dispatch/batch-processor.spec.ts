import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  COOLDOWN_MS,
  dispatch,
  GRACE_MS,
  type HeldApi,
  HOUR_MS,
  LEASE_MS,
  newHeldGate,
  NOTHING,
  type ScriptedStore,
} from '../../../test/support/held-gate.js';
import type { BatchProcessor } from './batch-processor.js';
import type { ClaimResult } from '../queue/queue.repository.js';
import type { PriorityQueue } from '../queue/priority-queue.js';

describe('The batch processor', () => {
  let store: ScriptedStore;
  let api: HeldApi;
  let queue: PriorityQueue;
  let processor: BatchProcessor;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate'] });
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    }
    ({ store, api, queue, processor } = await newHeldGate());
  });
  afterEach(() => {
    processor.onModuleDestroy();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  /** Everything that needs no time to pass. */
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) {
      await nextTurn();
    }
  }

  async function start(...claims: (typeof store.claims)[number][]): Promise<void> {
    store.claims.push(...claims);
    processor.onApplicationBootstrap();
    await settle();
  }

  async function pass(ms: number): Promise<void> {
    jest.advanceTimersByTime(ms);
    await settle();
  }

  const calls = (): number[] => [...api.open.keys()].map(Number);

  it('begins one dispatch after the other without waiting for their calls', async () => {
    await start(dispatch(1), dispatch(2));

    expect(calls()).toEqual([1, 2]);
  });

  it('lets the upstream prepare for the slot that opens next', async () => {
    const prepared: number[] = [];
    api.prepare = (inMs) => prepared.push(inMs);
    await start(dispatch(1), { kind: 'slot_closed', opensInMs: 700 });

    expect(prepared).toEqual([700]);
  });

  it('begins nothing before the application has started', async () => {
    store.claims.push(dispatch(1));
    queue.notifyArrival();
    await processor.tick();
    await settle();

    expect(store.asked).toBe(0);
  });

  it('begins no more than may be in flight, and goes on when a call ends', async () => {
    await start(dispatch(1), dispatch(2), dispatch(3), dispatch(4), dispatch(5));
    expect(calls()).toEqual([1, 2, 3]);

    api.open.get(2n)?.(true);
    await settle();
    expect(calls()).toEqual([1, 3, 4]);
  });

  it('looks again when ids arrive', async () => {
    await start();
    const asked = store.asked;
    store.claims.push(dispatch(1));
    queue.notifyArrival();
    await settle();

    expect(calls()).toEqual([1]);
    expect(store.asked).toBe(asked + 2);
  });

  it('looks again when ids arrive in another process', async () => {
    await start();
    store.claims.push(dispatch(1));
    store.arrivals.next();
    await settle();

    expect(calls()).toEqual([1]);
  });

  it('does not lose an arrival that comes while it looks', async () => {
    const slow = Promise.withResolvers<ClaimResult>();
    await start(slow.promise);
    queue.notifyArrival();
    store.claims.push(dispatch(1));
    slow.resolve(NOTHING);
    await settle();

    expect(calls()).toEqual([1]);
  });

  it('looks again when the slot opens, and not in between', async () => {
    await start({ kind: 'slot_closed', opensInMs: 5000 }, dispatch(1));
    await pass(4998);
    expect(store.asked).toBe(1);
    await pass(2);

    expect(calls()).toEqual([1]);
  });

  it('tells of a claim that came too late for its slot, and claims again at once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    await start({ kind: 'released', dispatchId: 'late-one' }, dispatch(1));

    expect(calls()).toEqual([1]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({
        dispatch_id: 'late-one',
        lane: 'default',
        msg: expect.stringContaining('committed too late for its slot'),
      }),
    );
  });

  it('looks again when the next retry falls due', async () => {
    await start({ kind: 'nothing_due', dueInMs: 90_000 }, dispatch(1));
    await pass(89_998);
    expect(calls()).toEqual([]);
    await pass(2);

    expect(calls()).toEqual([1]);
  });

  it('tries again with the safety net where a claim failed', async () => {
    await start(new Error('the store is away'), dispatch(1));
    expect(calls()).toEqual([]);
    await processor.tick();
    await settle();

    expect(calls()).toEqual([1]);
  });

  it('takes over what lapsed and looks again with the safety net', async () => {
    await start();
    store.lapsed.push('a dispatch');
    store.claims.push(dispatch(1));
    await processor.tick();
    await settle();

    expect(store.lapsed).toEqual([]);
    expect(calls()).toEqual([1]);
  });

  it('gives back a dispatch whose call may not leave, with no attempt counted', async () => {
    store.mayLeaveNext = false;
    await start(dispatch(1));

    expect(store.released).toEqual([1]);
    expect(store.settled.size).toBe(0);
    expect(api.open.size).toBe(0);
  });

  it('looks again when the upstream may be asked again', async () => {
    await start({ kind: 'held', opensInMs: 60_000 }, dispatch(1));
    await pass(59_998);
    expect(calls()).toEqual([]);
    await pass(2);

    expect(calls()).toEqual([1]);
  });

  it('holds the queue where the upstream asks for it, before the ids are back, and no longer than it may', async () => {
    await start(dispatch(1), dispatch(2));
    api.holdNext(1n, 5000);
    api.holdNext(2n, 10 * HOUR_MS);
    await settle();

    expect(store.holds).toEqual([5000, HOUR_MS]);
    expect([store.settled.get(1), store.settled.get(2)]).toEqual([
      [{ kind: 'postponed' }],
      [{ kind: 'postponed' }],
    ]);
  });

  it('gives the ids back also where the store does not take the hold', async () => {
    await start(dispatch(1));
    store.holdFails = true;
    api.holdNext(1n, 5000);
    await settle();

    expect(store.settled.get(1)).toEqual([{ kind: 'postponed' }]);
  });

  describe('where the upstream fails one dispatch after the other', () => {
    it('claims nothing more until it may try, then one', async () => {
      await start(dispatch(1), dispatch(2));
      api.breakNext(1n);
      api.breakNext(2n);
      store.claims.push(dispatch(3), dispatch(4));
      await settle();
      const asked = store.asked;
      queue.notifyArrival();
      await pass(COOLDOWN_MS - 2);
      expect([calls(), store.asked]).toEqual([[], asked]);

      await pass(4);
      expect(calls()).toEqual([3]);
      expect(store.asked).toBe(asked + 1);
    });

    it('goes on when the try succeeds', async () => {
      await start(dispatch(1), dispatch(2));
      api.breakNext(1n);
      api.breakNext(2n);
      store.claims.push(dispatch(3), dispatch(4));
      await settle();
      await pass(COOLDOWN_MS + 2);
      api.open.get(3n)?.(true);
      await settle();

      expect(calls()).toEqual([4]);
    });
  });

  it('renews the leases of what is in flight, a few times within a lease', async () => {
    await start(dispatch(1), dispatch(2));
    await processor.tick();
    expect(store.renewed).toEqual([]);
    await pass(LEASE_MS / 4);
    await processor.tick();
    await processor.tick();

    expect(store.renewed).toEqual([1, 2]);
  });

  it('records an outcome until the store takes it', async () => {
    await start(dispatch(1));
    store.failures = 1;
    api.open.get(1n)?.(true);
    await settle();
    expect([store.failures, store.settled.size]).toEqual([0, 0]);
    while (store.settled.size === 0) {
      await nextTurn(); // the pause before it tries again is of real time
    }

    expect(store.settled.get(1)).toEqual([{ kind: 'completed', dataJson: null }]);
  });

  it('gives back a dispatch whose call may not leave also where the store was away at first', async () => {
    store.mayLeaveNext = false;
    store.failures = 1;
    await start(dispatch(1));
    expect([store.failures, store.released]).toEqual([0, []]);
    while (store.released.length === 0) {
      await nextTurn(); // the pause before it tries again is of real time
    }

    expect(store.released).toEqual([1]);
  });

  describe('when it stops', () => {
    function stop(): Promise<void> {
      processor.onModuleDestroy();
      return processor.beforeApplicationShutdown();
    }

    it('begins nothing more', async () => {
      await start();
      store.claims.push(dispatch(1));
      const asked = store.asked;
      const stopped = stop();
      queue.notifyArrival();
      await processor.tick();
      await stopped;

      expect(store.asked).toBe(asked);
    });

    it('lets the calls in flight end, and records them', async () => {
      await start(dispatch(1));
      const stopped = stop();
      await pass(GRACE_MS - 1);
      api.open.get(1n)?.(false);
      await stopped;

      expect(store.settled.get(1)).toMatchObject([{ kind: 'failed' }]);
      expect(store.released).toEqual([]);
    });

    it('releases what has not ended when the grace is over', async () => {
      await start(dispatch(1), dispatch(2));
      const stopped = stop();
      api.open.get(1n)?.(true);
      await settle();
      await pass(GRACE_MS);
      await stopped;

      expect([...store.settled.keys()]).toEqual([1]);
      expect(store.released).toEqual([2]);
    });

    it('gives back, and does not begin, a dispatch whose claim was on its way', async () => {
      const claim = Promise.withResolvers<ClaimResult>();
      await start(claim.promise);
      let isStopped = false;
      const stopped = stop().then(() => (isStopped = true));
      await settle();
      expect(isStopped).toBe(false);
      claim.resolve(dispatch(1));
      await stopped;

      expect(calls()).toEqual([]);
      expect(store.released).toEqual([1]);
    });

    it('leaves no timer behind', async () => {
      const claim = Promise.withResolvers<ClaimResult>();
      await start(claim.promise);
      const stopped = stop();
      claim.resolve({ kind: 'slot_closed', opensInMs: 5000 });
      await stopped;

      expect(jest.getTimerCount()).toBe(0);
    });
  });
});
