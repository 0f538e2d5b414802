import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { advanceTime } from '../support/advance-time.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { ScriptedApi, succeedAfter } from '../support/scripted-api.js';

const WINDOW_MS = 10_000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Returns the most calls in any window: one that ends at a call holds the most. */
function mostIn(windowMs: number, times: readonly number[]): number {
  return Math.max(...times.map((end) => times.filter((at) => at > end - windowMs && at <= end).length));
}

describe('a lane with limits', () => {
  const start = useApps();

  function timesOf(app: TestApp, t0: number): number[] {
    return app.api.calls.map(({ atMs }) => atMs - t0);
  }

  it('sends 190 calls at once, and no more in any 10 seconds', async () => {
    const app = await start(
      { LIMITS: '[{ calls: 190, per: 10 }]', BATCH_SIZE: '1', MAX_IN_FLIGHT: '1000' },
      new ScriptedApi(succeedAfter(100)),
    );
    const t0 = Date.now();
    await app.client.submit(idRange(1, 600), 'LOW');
    await advanceTime(1000);
    expect(app.api.calls).toHaveLength(190);
    await advanceTime(19_500);

    const times = timesOf(app, t0);
    expect(times).toHaveLength(570);
    expect(mostIn(WINDOW_MS, times)).toBe(190);
  });

  it('spaces calls evenly where a limit is spread', async () => {
    const limits = '[{ calls: 10, per: 10, margin: 0, spread: true }]';
    const app = await start({ LIMITS: limits, BATCH_SIZE: '1' }, new ScriptedApi(succeedAfter(100)));
    const t0 = Date.now();
    await app.client.submit(idRange(1, 100), 'LOW');
    await advanceTime(20_000);

    const times = timesOf(app, t0);
    expect(mostIn(1000, times)).toBe(1);
    expect(times.length).toBeGreaterThanOrEqual(19);
  });

  it('keeps calls in flight below their limit, and goes on when one ends', async () => {
    const app = await start({ LIMITS: '[{ in_flight: 2 }]' }, new ScriptedApi(succeedAfter(20_000)));
    const t0 = Date.now();
    await app.client.submit(idRange(1, 9), 'LOW');
    await advanceTime(30_000);

    expect(timesOf(app, t0)).toEqual([0, 0, 20_000]);
  });

  it('is well while a limit holds it, and tells when it opens', async () => {
    const app = await start({ LIMITS: '[{ calls: 1, per: 600 }]' }, new ScriptedApi(succeedAfter(100)));
    await app.client.submit(idRange(1, 9), 'LOW');
    await advanceTime(120_000);

    expect(await app.client.get('/health')).toMatchObject({ status: 'healthy' });
    const { next_slot_in_seconds: opensIn } = await app.client.get('/queue');
    expect(Math.abs(Number(opensIn) - 480)).toBeLessThan(2);
  });
});
