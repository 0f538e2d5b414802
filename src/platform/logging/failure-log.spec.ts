import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Timer } from '../../domain/runtime.js';
import { FailureLog } from './failure-log.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

const START = '2026-11-24T10:00:00.000Z';

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly failures?: number;
}

const request = new AsyncLocalStorage<string>();

/** Calls timers back in the context in which they were set, as Node.js does; Jest's fake timers do not. */
class ContextRuntime extends SystemRuntime {
  override setTimeout(callback: () => void, delayMs: number): Timer {
    return super.setTimeout(AsyncLocalStorage.bind(callback), delayMs);
  }
}

describe('Failures of one kind', () => {
  let lines: Line[];
  let log: FailureLog;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'], now: Date.parse(START) });
    jest.setSystemTime(Date.parse(START));
    lines = [];
    const logger = new Logger('Test');
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(logger, level).mockImplementation((line: unknown) => {
        lines.push({ ...(line as Line), level });
      });
    }
    log = new FailureLog(new SystemRuntime(), logger, 'error', 'claims', { lane: 'eu' });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** One failure every `everyMs`, for `forMs`. */
  function failFor(forMs: number, everyMs: number, describeFailure = () => 'no claim'): void {
    for (let passedMs = 0; passedMs < forMs; passedMs += everyMs) {
      log.failed(describeFailure);
      jest.advanceTimersByTime(everyMs);
    }
  }

  it('are logged at once, then at growing intervals with their number and since when, and once at the end', () => {
    failFor(6 * 60_000, 500);
    log.succeeded();
    log.succeeded();
    expect(lines[0]).toEqual({ level: 'error', msg: 'no claim', lane: 'eu' });
    expect(lines[1]).toMatchObject({
      msg: `no claim (2 failures since ${START})`,
      failures: 2,
      since: START,
    });
    expect(lines.at(-1)).toEqual({
      level: 'log',
      msg: `claims: over after 720 failures since ${START}`,
      lane: 'eu',
      failures: 720,
      since: START,
    });
    expect(lines).toHaveLength(1 + 8 + 1); // after 0, 1, 3, 7, 15, 31, 63, 127 and 255 s, and the end
  });

  it('build no text that is not written', () => {
    const describeFailure = jest.fn(() => 'no claim');
    failFor(900, 1, describeFailure);
    expect([lines.length, describeFailure.mock.calls.length]).toEqual([1, 1]);
  });

  it('are counted in the log also where they stop before the next line is due', () => {
    failFor(3, 1);
    jest.advanceTimersByTime(1000);
    expect(lines.map(({ msg }) => msg)).toEqual(['no claim', `no claim (3 failures since ${START})`]);
  });

  it('that come and go in turns stay at growing intervals', () => {
    for (let second = 0; second < 300; second++) {
      log.failed(() => 'no claim');
      jest.advanceTimersByTime(500);
      log.succeeded();
      jest.advanceTimersByTime(500);
    }
    expect(lines.length).toBeLessThanOrEqual(2 * 9);
    expect(lines.length).toBeGreaterThan(9);
  });

  it('are logged at once again after a quiet minute', () => {
    failFor(10_000, 1000);
    log.succeeded();
    jest.advanceTimersByTime(61_000);
    lines = [];
    log.failed(() => 'no claim');
    expect(lines).toEqual([{ level: 'error', msg: 'no claim', lane: 'eu' }]);
  });

  it('that come once a minute without a success between them are one series', () => {
    failFor(30 * 60_000, 60_000);
    expect(lines.length).toBeLessThan(15);
  });

  it('are counted in a line that belongs to no request, also if the log was created in one', () => {
    const logger = new Logger('Test');
    const requests: (string | undefined)[] = [];
    jest.spyOn(logger, 'warn').mockImplementation(() => {
      requests.push(request.getStore());
    });
    request.run('r-1', () => {
      const ofRequest = new FailureLog(new ContextRuntime(), logger, 'warn', 'answers');
      ofRequest.failed(() => 'first');
      ofRequest.failed(() => 'second');
    });
    jest.advanceTimersByTime(1000);
    expect(requests).toEqual(['r-1', undefined]);
  });
});
