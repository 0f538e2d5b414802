import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { version } from 'uuid';
import { SystemRuntime } from './system-runtime.js';

describe('The system runtime', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells the time since the epoch', () => {
    expect(Math.abs(new SystemRuntime().wallMs() - Date.now())).toBeLessThan(1000);
  });

  it('never runs backwards, and tells parts of a millisecond', () => {
    const clock = new SystemRuntime();
    const times = Array.from({ length: 1000 }, () => clock.monotonicMs());

    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.some((time) => !Number.isInteger(time))).toBe(true);
  });

  it('counts from before the process started, so that the next process goes on', () => {
    expect(new SystemRuntime().monotonicMs()).toBeGreaterThan(performance.now());
  });

  it('is moved by fake timers, on both clocks', () => {
    jest.useFakeTimers();
    const clock = new SystemRuntime();
    const [wall, monotonic] = [clock.wallMs(), clock.monotonicMs()];
    jest.advanceTimersByTime(12_345);

    expect(clock.wallMs() - wall).toBe(12_345);
    expect(clock.monotonicMs() - monotonic).toBeCloseTo(12_345, 3);
  });

  it('stays steady when the wall clock is set', () => {
    jest.useFakeTimers();
    const clock = new SystemRuntime();
    const before = clock.monotonicMs();
    jest.setSystemTime(Date.now() + 10 * 3_600_000);

    expect(clock.monotonicMs() - before).toBeCloseTo(0, 3);
  });

  it('sleeps for the time that it is told', async () => {
    jest.useFakeTimers();
    const ended = jest.fn();
    void new SystemRuntime().sleep(1000).then(ended);

    await jest.advanceTimersByTimeAsync(999);
    expect(ended).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('ends a sleep with the reason of its signal, and leaves no timer behind', async () => {
    jest.useFakeTimers();
    const stop = new AbortController();
    const sleep = new SystemRuntime().sleep(1000, { signal: stop.signal });
    stop.abort(new Error('stopped'));

    await expect(sleep).rejects.toThrow('stopped');
    await expect(new SystemRuntime().sleep(1000, { signal: stop.signal })).rejects.toThrow('stopped');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives a new id of version 7 each time', () => {
    const runtime = new SystemRuntime();
    const ids = [runtime.uuidV7(), runtime.uuidV7()];

    expect(ids.every((id) => version(id) === 7)).toBe(true);
    expect(new Set(ids).size).toBe(2);
  });
});
