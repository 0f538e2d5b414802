import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import { SqliteQueueRepository } from '../../src/storage/sqlite/queue/queue.repository.js';
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
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('Many lanes', () => {
  const newFolder = useTempFolders();
  const start = useApps();

  function laneFile(count: number, settings: object = { url: 'http://127.0.0.1:9/' }): string {
    const path = join(newFolder(), 'lanes.json');
    const lanes = Object.fromEntries(namesOf(count).map((name) => [name, settings]));
    writeFileSync(path, JSON.stringify({ lanes }));
    return path;
  }

  function namesOf(count: number): string[] {
    return Array.from({ length: count }, (_, i) => `lane-${String(i)}`);
  }

  it('that are due within a few ms of each other share the commits of claims and of outcomes', async () => {
    const lanes = namesOf(20);
    const { api, client } = await start({
      LANES_FILE: laneFile(20, {}),
      BATCH_DELAY: '1',
      BATCH_SIZE: '1',
    });
    for (const [i, lane] of lanes.entries()) {
      await client.submit([1, 2, 3, 4], 'LOW', { lane });
      await advanceTime(i % 5 === 4 ? 1 : 0);
    }
    await advanceTime(500);
    const claims = jest.spyOn(SqliteQueueRepository.prototype, 'commitClaims');
    const settlements = jest.spyOn(SqliteQueueRepository.prototype, 'settle');
    const before = api.calls.length;
    await advanceTime(2000);

    expect(api.calls.length - before).toBe(2 * lanes.length);
    expect(claims.mock.calls.length).toBeLessThanOrEqual(2 * 2);
    expect(settlements.mock.calls.length).toBeLessThanOrEqual(2 * 3);
  });

  it('that are idle look for ids in turn, 100 a second, and set no timers', async () => {
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
