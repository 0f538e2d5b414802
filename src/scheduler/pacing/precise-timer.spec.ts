import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { PreciseTimer } from './precise-timer.js';

/** A moment of real time in which no virtual time passes. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await nextTurn();
  }
}

describe('The precise timer', () => {
  let rings: number[];
  let timer: PreciseTimer;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate'] });
    rings = [];
    timer = new PreciseTimer(new SystemRuntime(), () => {
      rings.push(performance.now());
    });
  });
  afterEach(() => {
    timer.clear();
    jest.useRealTimers();
  });

  /** Virtual time passes in steps of a millisecond around the moments that matter. */
  async function pass(ms: number): Promise<void> {
    jest.advanceTimersByTime(Math.max(0, ms - 5));
    for (let left = Math.min(ms, 5); left > 0; left--) {
      await settle();
      jest.advanceTimersByTime(Math.min(1, left));
    }
    await settle();
  }

  it.each([0.5, 1, 1.2, 1.5, 1.999, 2, 2.5, 5, 1000, 4999.6, 3_600_000])(
    'rings once, %d ms later',
    async (delayMs) => {
      const due = performance.now() + delayMs;
      timer.set(delayMs);
      await pass(Math.ceil(delayMs) - 1);
      expect(rings).toEqual([]);
      await pass(3);

      expect(rings).toHaveLength(1);
      expect(rings[0]).toBeGreaterThanOrEqual(due);
      expect(rings[0]).toBeLessThan(due + 1.001);
      await pass(delayMs * 2);
      expect(rings).toHaveLength(1);
    },
  );

  it.each([0, -1, -10_000])('rings at once for %d ms', (delayMs) => {
    timer.set(delayMs);

    expect(rings).toHaveLength(1);
  });

  it('waits longer than a timer of Node.js can', async () => {
    const fortyDays = 40 * 86_400_000;
    timer.set(fortyDays);
    await pass(fortyDays - 1);
    expect(rings).toEqual([]);
    await pass(2);

    expect(rings).toHaveLength(1);
  });

  it.each([
    [1000, 50],
    [50, 1000],
    [0.5, 1000],
    [1000, 0.5],
  ])('forgets an alarm of %d ms when it is set to %d ms', async (first, second) => {
    const due = performance.now() + second;
    timer.set(first);
    timer.set(second);
    await pass(3);
    await pass(2000);

    expect(rings).toHaveLength(1);
    expect(rings[0]).toBeGreaterThanOrEqual(due);
  });

  it.each([0.5, 3, 1000])('stays silent once it is cleared (%d ms)', async (delayMs) => {
    timer.set(delayMs);
    timer.clear();
    await pass(2000);

    expect(rings).toEqual([]);
  });

  it('stays silent when it is cleared in its last stretch', async () => {
    timer.set(2.5);
    jest.advanceTimersByTime(2);
    await settle();
    timer.clear();
    await pass(10);

    expect(rings).toEqual([]);
  });

  it('may be set again by its own ringing', async () => {
    const again = new PreciseTimer(new SystemRuntime(), () => {
      rings.push(performance.now());
      if (rings.length < 3) {
        again.set(100);
      }
    });
    again.set(100);
    for (let step = 0; step < 5; step++) {
      await pass(100);
    }

    expect(rings).toHaveLength(3);
  });
});

describe('The precise timer in real time', () => {
  it.each([1.05, 1.5, 1.95, 3.7])('rings after %d ms and not before', async (delayMs) => {
    for (let round = 0; round < 20; round++) {
      const due = performance.now() + delayMs;
      await new Promise<void>((resolve) => {
        new PreciseTimer(new SystemRuntime(), resolve).set(delayMs);
      });
      expect(performance.now()).toBeGreaterThanOrEqual(due);
    }
  });
});
