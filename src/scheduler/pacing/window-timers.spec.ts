import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { WindowTimers, type WindowTimer } from './window-timers.js';

describe('Timers of a window', () => {
  /** The name of each timer that fired, with its time, and `early` if it was. */
  let fired: string[];
  let startMs: number;
  let timers: WindowTimers;

  beforeEach(() => {
    jest.useFakeTimers();
    jest.advanceTimersByTime(4 - (performance.now() % 4)); // to the begin of a window
    fired = [];
    startMs = performance.now();
    timers = new WindowTimers(new SystemRuntime());
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function timer(name: string): WindowTimer {
    return timers.create((isEarly) => {
      fired.push(`${name} ${String(Math.round(performance.now() - startMs))}${isEarly ? ' early' : ''}`);
    });
  }

  it('fire together, at the first of their deadlines, if they may be early', () => {
    timer('a').set(101, 4);
    timer('b').set(103, 4);
    timer('next window').set(105, 4);
    jest.advanceTimersByTime(104);
    expect(fired).toEqual(['a 101', 'b 101 early']);
    jest.advanceTimersByTime(10);

    expect(fired).toEqual(['a 101', 'b 101 early', 'next window 105']);
  });

  it('fire at their own deadlines if they may not be that early', () => {
    timer('a').set(100, 4);
    timer('b').set(103, 0.5);
    timer('c').set(102);
    jest.advanceTimersByTime(110);

    expect(fired).toEqual(['a 100', 'c 102', 'b 103']);
  });

  it('fire once, also if one of them is set again or cleared meanwhile', () => {
    const moved = timer('moved');
    const cleared = timer('cleared');
    moved.set(101, 4);
    cleared.set(102, 4);
    timer('a').set(100, 4);
    moved.set(200, 4);
    cleared.clear();
    jest.advanceTimersByTime(300);

    expect(fired).toEqual(['a 100', 'moved 200']);
  });
});
