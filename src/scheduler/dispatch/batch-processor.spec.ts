import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { COOLDOWN_MS, dispatch, NOTHING } from '../../../test/support/held-gate.js';
import { useBatchProcessor } from '../../../test/support/processor-harness.js';
import type { SingleClaim } from '../../../test/support/claims.js';

describe('The batch processor', () => {
  const gate = useBatchProcessor();

  it('begins one dispatch after the other without waiting for their calls', async () => {
    await gate.start(dispatch(1), dispatch(2));

    expect(gate.calls).toEqual([1, 2]);
  });

  it('lets the upstream prepare for the slot that opens next', async () => {
    const prepared: number[] = [];
    gate.api.prepare = (inMs) => prepared.push(inMs);
    await gate.start(dispatch(1), { kind: 'slot_closed', opensInMs: 700 });

    expect(prepared).toEqual([700]);
  });

  it('begins nothing before the application has started', async () => {
    gate.store.claims.push(dispatch(1));
    gate.queue.notifyArrival();
    await gate.processor.tick();
    await gate.settle();

    expect(gate.store.asked).toBe(0);
  });

  it('begins no more than may be in flight, and goes on when a call ends', async () => {
    await gate.start(dispatch(1), dispatch(2), dispatch(3), dispatch(4), dispatch(5));
    expect(gate.calls).toEqual([1, 2, 3]);

    gate.api.open.get(2n)?.(true);
    await gate.settle();
    expect(gate.calls).toEqual([1, 3, 4]);
  });

  it('fills the place of a dispatch whose outcome is written, also before it is durable', async () => {
    await gate.start(dispatch(1), dispatch(2), dispatch(3));
    const durable = Promise.withResolvers<undefined>();
    gate.store.durable = durable.promise;
    gate.store.claims.push(dispatch(4));
    gate.api.open.get(1n)?.(true);
    await gate.settle();
    expect(gate.calls).toEqual([2, 3, 4]);

    gate.processor.onModuleDestroy();
    gate.api.open.forEach((end) => {
      end(true);
    });
    let isStopped = false;
    const stop = gate.processor.beforeApplicationShutdown().then(() => {
      isStopped = true;
    });
    await gate.settle();
    expect(isStopped).toBe(false);
    durable.resolve(undefined);
    await stop;
  });

  it('claims as many at once as may be in flight without a limit, and one while the breaker is not closed', async () => {
    await gate.start(dispatch(1), dispatch(2));
    expect(gate.store.rooms).toEqual([3, 2, 1]);

    gate.api.breakNext(1n);
    gate.api.breakNext(2n);
    await gate.settle();
    gate.store.rooms.length = 0;
    await gate.pass(COOLDOWN_MS + 2);
    expect(gate.store.rooms).toEqual([1]);
  });

  it('looks again when ids arrive', async () => {
    await gate.start();
    const asked = gate.store.asked;
    gate.store.claims.push(dispatch(1));
    gate.queue.notifyArrival();
    await gate.settle();

    expect(gate.calls).toEqual([1]);
    expect(gate.store.asked).toBe(asked + 2);
  });

  it('looks again when ids arrive in another process', async () => {
    await gate.start();
    gate.store.claims.push(dispatch(1));
    gate.store.arrivals.next();
    await gate.settle();

    expect(gate.calls).toEqual([1]);
  });

  it('does not lose an arrival that comes while it looks', async () => {
    const slow = Promise.withResolvers<SingleClaim>();
    await gate.start(slow.promise);
    gate.queue.notifyArrival();
    gate.store.claims.push(dispatch(1));
    slow.resolve(NOTHING);
    await gate.settle();

    expect(gate.calls).toEqual([1]);
  });

  it('looks again when the slot opens, and not in between', async () => {
    await gate.start({ kind: 'slot_closed', opensInMs: 5000 }, dispatch(1));
    await gate.pass(4998);
    expect(gate.store.asked).toBe(1);
    await gate.pass(2);

    expect(gate.calls).toEqual([1]);
  });

  it('tells of a claim that came too late for its slot, and claims again at once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    await gate.start({ kind: 'released', dispatchId: 'late-one' }, dispatch(1));

    expect(gate.calls).toEqual([1]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      expect.objectContaining({
        dispatch_id: 'late-one',
        lane: 'default',
        msg: expect.stringContaining('committed too late for its slot'),
      }),
    );
  });

  it('begins the others of a claim where the store does not let one begin', async () => {
    jest.spyOn(gate.queue, 'awaitStart').mockRejectedValueOnce(new Error('the store is away'));
    const dispatches = [dispatch(1), dispatch(2), dispatch(3)].flatMap((claim) =>
      claim.kind === 'dispatch' ? [claim.dispatch] : [],
    );
    jest.spyOn(gate.queue, 'claim').mockResolvedValueOnce({ kind: 'claimed', dispatches });
    await gate.start();

    expect(gate.calls).toEqual([2, 3]);
  });

  it('looks again when the next retry falls due', async () => {
    await gate.start({ kind: 'nothing_due', dueInMs: 90_000 }, dispatch(1));
    await gate.pass(89_998);
    expect(gate.calls).toEqual([]);
    await gate.pass(2);

    expect(gate.calls).toEqual([1]);
  });

  it('tries again with the safety net where a claim failed', async () => {
    await gate.start(new Error('the store is away'), dispatch(1));
    expect(gate.calls).toEqual([]);
    await gate.processor.tick();
    await gate.settle();

    expect(gate.calls).toEqual([1]);
  });

  it('takes over what lapsed and looks again with the safety net', async () => {
    await gate.start();
    gate.store.lapsed.push('a dispatch');
    gate.store.claims.push(dispatch(1));
    await gate.processor.tick();
    await gate.settle();

    expect(gate.store.lapsed).toEqual([]);
    expect(gate.calls).toEqual([1]);
  });

  it('looks again when the upstream may be asked again', async () => {
    await gate.start({ kind: 'held', opensInMs: 60_000 }, dispatch(1));
    await gate.pass(59_998);
    expect(gate.calls).toEqual([]);
    await gate.pass(2);

    expect(gate.calls).toEqual([1]);
  });
});
