import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WakeTimer } from './wake-timer.js';

describe('The wake timer', () => {
  let rings: number[];
  let timer: WakeTimer;

  beforeEach(() => {
    jest.useFakeTimers();
    rings = [];
    timer = new WakeTimer(() => {
      rings.push(performance.now());
    });
  });
  afterEach(() => {
    timer.clear();
    jest.useRealTimers();
  });

  it.each([1.2, 1.5, 1.999, 2, 2.5, 5, 1000, 4999.6, 3_600_000])('rings once, %d ms later', (delayMs) => {
    const due = performance.now() + delayMs;
    timer.set(delayMs);
    jest.advanceTimersByTime(Math.floor(delayMs) - 1);
    expect(rings).toEqual([]);
    jest.advanceTimersByTime(3);

    expect(rings).toHaveLength(1);
    expect(rings[0]).toBeGreaterThanOrEqual(due);
    expect(rings[0]).toBeLessThan(due + 1.001);
    jest.advanceTimersByTime(delayMs * 2);
    expect(rings).toHaveLength(1);
  });

  it.each([0, -1, -10_000])('rings at once for %d ms', (delayMs) => {
    timer.set(delayMs);

    expect(rings).toHaveLength(1);
  });

  it('waits longer than a timer of Node.js can', () => {
    const days = 40 * 86_400_000;
    timer.set(days);
    jest.advanceTimersByTime(days - 1);
    expect(rings).toEqual([]);
    jest.advanceTimersByTime(2);

    expect(rings).toHaveLength(1);
  });

  it.each([
    [1000, 50],
    [50, 1000],
    [0.5, 1000],
    [1000, 0.5],
  ])('forgets an alarm of %d ms when it is set to %d ms', (first, second) => {
    timer.set(first);
    timer.set(second);
    const due = performance.now() + second;
    jest.advanceTimersByTime(2000);

    expect(rings).toHaveLength(1);
    expect(rings[0]).toBeGreaterThanOrEqual(due);
  });

  it.each([0.5, 3, 1000])('stays silent once it is cleared (%d ms)', (delayMs) => {
    timer.set(delayMs);
    timer.clear();
    jest.advanceTimersByTime(2000);

    expect(rings).toEqual([]);
  });

  it('may be set again by its own ringing', () => {
    const again = new WakeTimer(() => {
      rings.push(performance.now());
      if (rings.length < 3) {
        again.set(100);
      }
    });
    again.set(100);
    jest.advanceTimersByTime(1000);

    expect(rings).toHaveLength(3);
  });
});

describe('The wake timer in real time', () => {
  it.each([1.05, 1.5, 1.95, 3.7])('rings after %d ms and not before', async (delayMs) => {
    for (let round = 0; round < 20; round++) {
      const due = performance.now() + delayMs;
      await new Promise<void>((resolve) => {
        new WakeTimer(resolve).set(delayMs);
      });
      expect(performance.now()).toBeGreaterThanOrEqual(due);
    }
  });
});
