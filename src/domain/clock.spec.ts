import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SystemClock } from './clock.js';

describe('The system clock', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells the time since the epoch', () => {
    expect(Math.abs(new SystemClock().wallMs() - Date.now())).toBeLessThan(1000);
  });

  it('never runs backwards, and tells parts of a millisecond', () => {
    const clock = new SystemClock();
    const times = Array.from({ length: 1000 }, () => clock.monotonicMs());

    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.some((time) => !Number.isInteger(time))).toBe(true);
  });

  it('counts from before the process started, so that the next process goes on', () => {
    expect(new SystemClock().monotonicMs()).toBeGreaterThan(performance.now());
  });

  it('is moved by fake timers, on both clocks', () => {
    jest.useFakeTimers();
    const clock = new SystemClock();
    const [wall, monotonic] = [clock.wallMs(), clock.monotonicMs()];
    jest.advanceTimersByTime(12_345);

    expect(clock.wallMs() - wall).toBe(12_345);
    expect(clock.monotonicMs() - monotonic).toBeCloseTo(12_345, 3);
  });

  it('stays steady when the wall clock is set', () => {
    jest.useFakeTimers();
    const clock = new SystemClock();
    const before = clock.monotonicMs();
    jest.setSystemTime(Date.now() + 10 * 3_600_000);

    expect(clock.monotonicMs() - before).toBeCloseTo(0, 3);
  });
});
