import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeKeys } from '../support/api-keys.js';
import { useApps } from '../support/app.js';
import { silent } from '../support/scripted-api.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

describe('The queue', () => {
  const start = useApps();
  const newFolder = useTempFolders();

  it('shows what waits, and when it will be sent', async () => {
    const app = await start({ BATCH_DELAY: '10' }, silent());
    await app.client.submit([1, 2, 3, 4, 5], 'LOW');
    await app.client.submit([6, 7], 'HIGH');
    await waitFor('a call', () => app.api.calls.length > 0);
    const { body } = await app.request.get('/queue').expect(200);

    expect(body).toMatchObject({
      paused: false,
      paused_at: null,
      waiting: { high: 2, medium: 0, low: 2, total: 4 },
      retries_waiting: 0,
      retries_due: 0,
      in_flight: 3,
      pace: { batch_size: 3, batch_delay_seconds: 10, used_percent: 16.7 },
      order: { fair_share: false, priority_aging_seconds: null },
    });
    expect(body.next_slot_in_seconds).toBeLessThanOrEqual(10);
    expect(body.empty_in_seconds).toBeCloseTo(Number(body.next_slot_in_seconds) + 10, 2);
  });

  it('paused, accepts and sends nothing; resumed, it goes on at once', async () => {
    const app = await start({ BATCH_DELAY: '0' });
    const { body: paused } = await app.request.post('/queue/pause').expect(200);
    await app.client.submit([1], 'HIGH');
    const { body: still } = await app.request.get('/queue').expect(200);
    expect(paused).toMatchObject({ paused: true, next_slot_in_seconds: null, empty_in_seconds: null });
    expect(still).toMatchObject({ paused: true, paused_at: paused.paused_at, waiting: { total: 1 } });
    expect(app.api.calls).toEqual([]);

    expect((await app.request.post('/queue/resume').expect(200)).body).toMatchObject({ paused: false });
    await waitFor('a call', () => app.api.calls.length > 0);
    expect(app.api.calls.map(({ ids }) => ids)).toEqual([[1n]]);
  });

  it('says why a lane sends, or why it does not', async () => {
    const app = await start(
      {
        BATCH_DELAY: '0',
        MAX_IN_FLIGHT: '1',
        BREAKER_THRESHOLD: '1',
        BREAKER_COOLDOWN: '600',
        RETRY_BASE: '60',
      },
      silent(),
    );
    const state = async (): Promise<unknown> => (await app.request.get('/queue').expect(200)).body.state;
    expect(await state()).toBe('idle');
    const failed = Promise.withResolvers<never>();
    app.api.answerWith(() => failed.promise);
    await app.client.submit([1], 'HIGH');
    await waitFor('the lane to be at capacity', state, (shown) => shown === 'at_capacity');
    failed.reject(new Error('down'));
    await waitFor('the breaker to open', state, (shown) => shown === 'breaker_open');
    const { body } = await app.request.get('/queue').expect(200);
    expect(body).toMatchObject({ state_since: body.breaker.opened_at });
    expect(body.state_ends_in_seconds).toBeGreaterThan(500);
    const { body: paused } = await app.request.post('/queue/pause').expect(200);
    expect(paused).toMatchObject({
      state: 'paused',
      state_since: paused.paused_at,
      state_ends_in_seconds: null,
      lanes: { default: { state: 'paused' } },
    });
  });

  it('shows the pace, the oldest pending list and the last error of each lane', async () => {
    const app = await start({ BATCH_DELAY: '600', MAX_ATTEMPTS: '1', BATCH_SIZE: '1' });
    const activity = async () =>
      (await app.request.get('/queue/activity').expect(200)).body as {
        lanes: Record<string, { dispatches_last_minute: number; last_error: { message: string } | null }>;
      };
    expect(await activity()).toEqual({
      lanes: { default: { dispatches_last_minute: 0, oldest_pending_seconds: null, last_error: null } },
    });
    app.api.answerWith(() => Promise.reject(new Error('no route to the upstream')));
    await app.client.submit([1, 2], 'LOW');
    const shown = await waitFor('an error', activity, ({ lanes }) => lanes['default']?.last_error !== null);
    expect(shown.lanes).toEqual({
      default: {
        dispatches_last_minute: 1,
        oldest_pending_seconds: expect.any(Number),
        last_error: { at: expect.any(String), kind: expect.any(String), message: 'no route to the upstream' },
      },
    });
  });

  it('is empty at once where nothing waits', async () => {
    const app = await start({ PRIORITY_AGING: '60' });
    expect((await app.request.get('/queue').expect(200)).body).toMatchObject({
      waiting: { total: 0 },
      empty_in_seconds: 0,
      order: { fair_share: false, priority_aging_seconds: 60 },
    });
  });

  it('tells that clients take turns', async () => {
    const file = join(newFolder(), 'keys.yaml');
    const { alice } = await writeKeys(file, { alice: ['read'] });
    const app = await start({ API_KEYS_FILE: file, FAIR_SHARE: 'true' });
    const { body } = await app.request.get('/queue').set('X-API-Key', alice).expect(200);
    expect(body).toMatchObject({
      order: { fair_share: true },
      lanes: { default: { order: { fair_share: true } } },
    });
  });

  it('knows other methods and routes as the contract does', async () => {
    const app = await start();
    await app.request.post('/queue').expect(405);
    await app.request.get('/queue/pause').expect(405);
    await app.request.post('/queue/stop').expect(404);
  });
});
