import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import { advanceTime } from '../support/advance-time.js';
import { useApps } from '../support/app.js';
import { useTempFolders } from '../support/temp-folder.js';

const LANES = 250;
const MAX_POLLED_LANES = 100;
const POLL_INTERVAL_MS = 1000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('Many idle lanes', () => {
  const newFolder = useTempFolders();
  const start = useApps();

  function laneFile(count: number): string {
    const names = Array.from({ length: count }, (_, i) => `lane-${String(i)}`);
    const path = join(newFolder(), 'lanes.json');
    const lanes = Object.fromEntries(names.map((name) => [name, { url: 'http://127.0.0.1:9/' }]));
    writeFileSync(path, JSON.stringify({ lanes }));
    return path;
  }

  it('look for ids in turn, 100 a second, and set no timers', async () => {
    const one = await start({ LANES_FILE: laneFile(1) });
    await advanceTime(POLL_INTERVAL_MS);
    const timersOfOne = jest.getTimerCount();
    await one.app.close();
    jest.clearAllTimers();

    const { app } = await start({ LANES_FILE: laneFile(LANES) });
    await advanceTime(POLL_INTERVAL_MS);
    expect(jest.getTimerCount()).toBe(timersOfOne);
    const polled: string[] = [];
    app.get(PriorityQueue).claims.subscribe(({ lane }) => polled.push(lane));
    await advanceTime(POLL_INTERVAL_MS);
    expect(polled).toHaveLength(MAX_POLLED_LANES);
    await advanceTime(2 * POLL_INTERVAL_MS);
    expect(polled).toHaveLength(3 * MAX_POLLED_LANES);
    expect(new Set(polled).size).toBe(LANES + 1); // the default lane is one of them
  });
});
