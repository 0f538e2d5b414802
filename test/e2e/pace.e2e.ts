import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { advanceTime } from '../support/advance-time.js';
import { useApps } from '../support/app.js';
import { ScriptedApi, succeedAfter } from '../support/scripted-api.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the pace', () => {
  const start = useApps();

  it('does not wait for a slow call', async () => {
    const app = await start({}, new ScriptedApi(succeedAfter(20_000)));
    const t0 = Date.now();
    await app.client.submit([1, 2, 3, 4, 5, 6, 7, 8, 9], 'LOW');
    await advanceTime(10_000);
    expect(app.api.calls.map(({ atMs }) => atMs - t0)).toEqual([0, 5000, 10_000]);
  });

  it('begins no more calls than MAX_IN_FLIGHT, and goes on when one ends', async () => {
    const app = await start({ MAX_IN_FLIGHT: '2' }, new ScriptedApi(succeedAfter(20_000)));
    const t0 = Date.now();
    await app.client.submit([1, 2, 3, 4, 5, 6, 7, 8, 9], 'LOW');
    await advanceTime(30_000);
    expect(app.api.calls.map(({ atMs }) => atMs - t0)).toEqual([0, 5000, 20_000]);
  });

  it('has no limit with BATCH_DELAY=0', async () => {
    const app = await start({ BATCH_DELAY: '0', MAX_IN_FLIGHT: '3' }, new ScriptedApi(succeedAfter(1000)));
    await app.client.submit([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 'LOW');
    await advanceTime(0);
    expect(app.api.calls).toHaveLength(3);
    await advanceTime(1000);
    expect(app.api.calls).toHaveLength(4);
  });

  it('waits for a whole delay after an idle time, too', async () => {
    const app = await start();
    const t0 = Date.now();
    await advanceTime(12_345);
    await app.client.submit([1], 'LOW');
    await advanceTime(1);
    await app.client.submit([2], 'LOW');
    await advanceTime(5000);
    expect(app.api.calls.map(({ atMs }) => atMs - t0)).toEqual([12_345, 17_345]);
  });
});
