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

  it('counts what ids cost, and ends a dispatch before an id that does not fit', async () => {
    const app = await start({ LIMITS: '[{ units: 100, per: 60 }]' }, new ScriptedApi(succeedAfter(100)));
    const t0 = Date.now();
    const costly = await app.request.post('/ingest').send({ ids: [1, 2, 3, 4], priority: 'LOW', units: 40 });
    await app.client.submit([5], 'LOW');
    await advanceTime(121_000);

    expect(app.api.calls.map(({ ids }) => ids)).toEqual([
      [1n, 2n],
      [3n, 4n, 5n],
    ]);
    expect(timesOf(app, t0).map((ms) => Math.round(ms / 60_000))).toEqual([0, 1]);
    const { headers } = costly;
    const status = await app.request.get(String(headers['location']));
    expect(status.body).toMatchObject({ status: 'completed', units: 40 });
  });

  it('refuses ids that cost more than a limit ever lets go, by one line', async () => {
    const limits = '[{ units: 100, per: day, reserve: { HIGH: 20% } }]';
    const app = await start({ LIMITS: limits }, new ScriptedApi(succeedAfter(100)));
    const post = (units: unknown, priority = 'HIGH'): Promise<{ status: number; body: unknown }> =>
      app.request.post('/ingest').send({ ids: [1], priority, units });

    expect(await post(101)).toMatchObject({
      status: 400,
      body: { detail: 'units must be at most 100: lane default lets go 100 units per day in UTC' },
    });
    expect(await post(81, 'LOW')).toMatchObject({ status: 400, body: { errors: [{ field: 'units' }] } });
    expect(await post(0)).toMatchObject({
      status: 400,
      body: { detail: 'units must be from 1 to 1000000000' },
    });
    expect(await post('7')).toMatchObject({ status: 422, body: { detail: 'units must be an integer' } });
    const stream = app.request.post('/ingest/stream?priority=LOW&units=81').type('text/plain').send('7');
    expect(await stream).toMatchObject({ status: 400, body: { errors: [{ field: 'units' }] } });
    expect(await post(100)).toMatchObject({ status: 200 });
    expect(await post(80, 'LOW')).toMatchObject({ status: 200 });
  });

  it('takes a list with another cost for another list, and one with the cost 1 for the same', async () => {
    const app = await start({ BATCH_DELAY: '60' }, new ScriptedApi(succeedAfter(100)));
    const post = async (units?: number): Promise<unknown> =>
      (await app.request.post('/ingest').send({ ids: [1], priority: 'LOW', units })).body;
    const stream = async (query: string): Promise<unknown> => {
      const path = `/ingest/stream?priority=LOW${query}`;
      const { body } = await app.request.post(path).type('text/plain').send('1');
      return { ingestion_id: (body as { ingestion_id: string }).ingestion_id };
    };
    const plain = await post();
    const costly = await post(2);

    expect(costly).not.toEqual(plain);
    expect([await post(1), await post(2)]).toEqual([plain, costly]);
    expect([await stream(''), await stream('&units=2')]).toEqual([plain, costly]);
  });

  it('keeps a daily quota of its time zone, and begins anew at midnight there', async () => {
    jest.setSystemTime(Date.parse('2026-03-28T22:59:30Z')); // half a minute before midnight
    const limits = '[{ ids: 6, per: day, time_zone: Europe/Berlin }]';
    const app = await start({ LIMITS: limits, MAX_IN_FLIGHT: '1000' }, new ScriptedApi(succeedAfter(100)));
    await app.client.submit(idRange(1, 13), 'LOW');
    await advanceTime(60_000);

    const seconds = app.api.calls.map(({ atMs }) => new Date(atMs).toISOString().slice(0, 19));
    expect(seconds).toEqual([
      ...new Array<string>(2).fill('2026-03-28T22:59:30'),
      ...new Array<string>(2).fill('2026-03-28T23:00:01'),
    ]);
    const { next_slot_in_seconds: opensIn } = await app.client.get('/queue');
    expect(Math.abs(Number(opensIn) - 23 * 3600)).toBeLessThan(60); // clocks go forward in this night
  });
});
