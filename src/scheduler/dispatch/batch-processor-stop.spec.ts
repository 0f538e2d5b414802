import { describe, expect, it, jest } from '@jest/globals';
import { dispatch, GRACE_MS, LEASE_MS } from '../../../test/support/held-gate.js';
import { useBatchProcessor } from '../../../test/support/processor-harness.js';
import type { SingleClaim } from '../../../test/support/claims.js';

describe('The batch processor when it stops', () => {
  const gate = useBatchProcessor();

  function stop(): Promise<void> {
    gate.processor.onModuleDestroy();
    return gate.processor.beforeApplicationShutdown();
  }

  it('begins nothing more', async () => {
    await gate.start();
    gate.store.claims.push(dispatch(1));
    const asked = gate.store.asked;
    const stopped = stop();
    gate.queue.notifyArrival();
    await gate.processor.tick();
    await stopped;

    expect(gate.store.asked).toBe(asked);
  });

  it('lets the calls in flight end, and records them', async () => {
    await gate.start(dispatch(1));
    const stopped = stop();
    await gate.pass(GRACE_MS - 1);
    gate.api.open.get(1n)?.(false);
    await stopped;

    expect(gate.store.settled.get(1)).toMatchObject([{ kind: 'failed' }]);
    expect(gate.store.released).toEqual([]);
  });

  it('keeps the leases of the calls in flight, so that no other process sends their ids', async () => {
    await gate.start(dispatch(1));
    await gate.pass(LEASE_MS / 4 - 1500);
    const stopped = stop();
    await gate.pass(2000);

    expect(gate.store.renewed).toEqual([1]);
    gate.api.open.get(1n)?.(true);
    await stopped;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('releases what has not ended when the grace is over', async () => {
    await gate.start(dispatch(1), dispatch(2));
    const stopped = stop();
    gate.api.open.get(1n)?.(true);
    await gate.settle();
    await gate.pass(GRACE_MS);
    await stopped;

    expect([...gate.store.settled.keys()]).toEqual([1]);
    expect(gate.store.released).toEqual([2]);
  });

  it('gives back, and does not begin, a dispatch whose claim was on its way', async () => {
    const claim = Promise.withResolvers<SingleClaim>();
    await gate.start(claim.promise);
    let isStopped = false;
    const stopped = stop().then(() => (isStopped = true));
    await gate.settle();
    expect(isStopped).toBe(false);
    claim.resolve(dispatch(1));
    await stopped;

    expect(gate.calls).toEqual([]);
    expect(gate.store.released).toEqual([1]);
  });

  it('leaves no timer behind', async () => {
    const claim = Promise.withResolvers<SingleClaim>();
    await gate.start(claim.promise);
    const stopped = stop();
    claim.resolve({ kind: 'slot_closed', opensInMs: 5000 });
    await stopped;

    expect(jest.getTimerCount()).toBe(0);
  });
});
