import { describe, expect, it } from '@jest/globals';
import { COOLDOWN_MS, dispatch, HOUR_MS, LEASE_MS, RETRY_BASE_MS } from '../../../test/support/held-gate.js';
import { useBatchProcessor } from '../../../test/support/processor-harness.js';
import { SeededRuntime } from '../../../test/support/seeded-runtime.js';

/** The pause before an outcome that the store did not take is recorded again. */
const RECORD_RETRY_INTERVAL_MS = 500;

describe('The batch processor', () => {
  const gate = useBatchProcessor();

  it('gives back a dispatch whose call may not leave, with no attempt counted', async () => {
    gate.store.mayLeaveNext = false;
    await gate.start(dispatch(1));

    expect(gate.store.released).toEqual([1]);
    expect(gate.store.settled.size).toBe(0);
    expect(gate.api.open.size).toBe(0);
  });

  it('holds the queue where the upstream asks for it, before the ids are back, and no longer than it may', async () => {
    await gate.start(dispatch(1), dispatch(2));
    gate.api.holdNext(1n, 5000);
    gate.api.holdNext(2n, 10 * HOUR_MS);
    await gate.settle();

    expect(gate.store.holds).toEqual([5000, HOUR_MS]);
    expect([gate.store.settled.get(1), gate.store.settled.get(2)]).toEqual([
      [{ kind: 'postponed' }],
      [{ kind: 'postponed' }],
    ]);
  });

  it('gives the ids back also where the store does not take the hold', async () => {
    await gate.start(dispatch(1));
    gate.store.holdFails = true;
    gate.api.holdNext(1n, 5000);
    await gate.settle();

    expect(gate.store.settled.get(1)).toEqual([{ kind: 'postponed' }]);
  });

  describe('where the upstream fails one dispatch after the other', () => {
    it('claims nothing more until it may try, then one', async () => {
      await gate.start(dispatch(1), dispatch(2));
      gate.api.breakNext(1n);
      gate.api.breakNext(2n);
      gate.store.claims.push(dispatch(3), dispatch(4));
      await gate.settle();
      const asked = gate.store.asked;
      gate.queue.notifyArrival();
      await gate.pass(COOLDOWN_MS - 2);
      expect([gate.calls, gate.store.asked]).toEqual([[], asked]);

      await gate.pass(4);
      expect(gate.calls).toEqual([3]);
      expect(gate.store.asked).toBe(asked + 1);
    });

    it('goes on when the try succeeds', async () => {
      await gate.start(dispatch(1), dispatch(2));
      gate.api.breakNext(1n);
      gate.api.breakNext(2n);
      gate.store.claims.push(dispatch(3), dispatch(4));
      await gate.settle();
      await gate.pass(COOLDOWN_MS + 2);
      gate.api.open.get(3n)?.(true);
      await gate.settle();

      expect(gate.calls).toEqual([4]);
    });
  });

  it('draws the delay of a retry from the runtime', async () => {
    await gate.start(dispatch(1));
    gate.api.breakNext(1n);
    await gate.settle();

    const delayMs = RETRY_BASE_MS * new SeededRuntime().random();
    expect(gate.store.settled.get(1)).toMatchObject([{ kind: 'retry', delayMs }]);
  });

  it('renews the leases of what is in flight, a few times within a lease', async () => {
    await gate.start(dispatch(1), dispatch(2));
    await gate.processor.tick();
    expect(gate.store.renewed).toEqual([]);
    await gate.pass(LEASE_MS / 4);
    await gate.processor.tick();
    await gate.processor.tick();

    expect(gate.store.renewed).toEqual([1, 2]);
  });

  it('records an outcome until the store takes it', async () => {
    await gate.start(dispatch(1));
    gate.store.failures = 1;
    gate.api.open.get(1n)?.(true);
    await gate.settle();
    expect([gate.store.failures, gate.store.settled.size]).toEqual([0, 0]);
    await gate.pass(RECORD_RETRY_INTERVAL_MS - 1);
    expect(gate.store.settled.size).toBe(0);
    await gate.pass(1);

    expect(gate.store.settled.get(1)).toEqual([{ kind: 'completed', dataJson: null }]);
  });

  it('gives back a dispatch whose call may not leave also where the store was away at first', async () => {
    gate.store.mayLeaveNext = false;
    gate.store.failures = 1;
    await gate.start(dispatch(1));
    expect([gate.store.failures, gate.store.released]).toEqual([0, []]);
    await gate.pass(RECORD_RETRY_INTERVAL_MS);

    expect(gate.store.released).toEqual([1]);
  });
});
