import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { StatusResponse } from '../../src/ingestion/status/dto/status-response.dto.js';
import { advanceTime } from '../support/advance-time.js';
import { useApps, type TestApp } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';
import { ScriptedApi } from '../support/scripted-api.js';

interface Queue {
  readonly waiting: Readonly<Record<string, number>>;
}

async function ingest({ request }: TestApp, body: object): Promise<string> {
  const response = await request
    .post('/ingest')
    .send({ ids: [1], priority: 'HIGH', ...body })
    .expect(200);
  return (response.body as { ingestion_id: string }).ingestion_id;
}

describe('A list with not_before, on virtual time,', () => {
  const start = useApps();
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is sent exactly when it is due', async () => {
    const app = await start();
    const t0 = Date.now();
    await ingest(app, { ids: [1, 2, 3], not_before: 12.345 });
    await ingest(app, { ids: [4, 5], not_before: new Date(t0 + 31_234).toISOString() });
    await advanceTime(40_000);

    expect(app.api.calls.map(({ atMs, ids }) => [atMs - t0, ids.map(Number)])).toEqual([
      [12_345, [1, 2, 3]],
      [31_234, [4, 5]],
    ]);
  });

  it('is in the queue from that moment on, also while nothing may be sent', async () => {
    const app = await start();
    await ingest(app, { ids: [1, 2, 3] });
    const id = await ingest(app, { ids: [4], priority: 'LOW', not_before: 1.5 });
    const waiting = async (): Promise<unknown> => (await app.client.get<Queue>('/queue')).waiting['low'];
    await advanceTime(1499);
    expect(await waiting()).toBe(0);
    await advanceTime(2);
    expect(await waiting()).toBe(1);

    await app.request.post('/queue/pause').expect(200);
    await ingest(app, { ids: [5], priority: 'LOW', not_before: 7 });
    await advanceTime(7001);
    expect(await waiting()).toBe(2);
    expect(await app.client.get(`/status/${id}`)).toMatchObject({ status: 'yet_to_start', ids_ahead: 0 });
  });

  it('loses exactly at expires_at what was not sent, also while the lane is paused', async () => {
    const app = await start();
    const t0 = Date.now();
    const id = await ingest(app, { ids: [1, 2, 3, 4], expires_at: 4.321 });
    await app.request.post('/queue/pause').expect(200);
    await advanceTime(4320);
    expect(await app.client.get(`/status/${id}`)).toMatchObject({ status: 'triggered' });
    await advanceTime(2);

    expect(await app.client.get(`/status/${id}`)).toMatchObject({
      status: 'cancelled',
      expires_at: new Date(t0 + 4321).toISOString(),
      cancel_reason: 'expired',
      progress: { completed: 3, cancelled: 1 },
    });
    expect((await app.client.get<Queue>('/queue')).waiting['high']).toBe(0);
  });

  it('moves its estimate with its time', async () => {
    const app = await start();
    const t0 = Math.ceil(Date.now() / 1000) * 1000 + 60_000;
    await app.request.post('/ingest').send({ ids: [1, 2, 3, 4, 5, 6, 7], priority: 'HIGH' });
    const notBefore = new Date(t0).toISOString();
    const id = await ingest(app, { ids: [8], priority: 'LOW', not_before: notBefore });

    expect(await app.client.get<StatusResponse>(`/status/${id}`)).toMatchObject({
      status: 'yet_to_start',
      not_before: notBefore,
      ids_ahead: 4,
      estimated_start_at: notBefore,
    });
    const body = { ids: [8], priority: 'LOW', not_before: notBefore };
    const { body: dryRun } = await app.request.post('/ingest?dry_run=true').send(body).expect(200);
    expect(dryRun).toMatchObject({ estimated_start_at: notBefore });
  });

  it('starts after the quiet hours that its lane has at its time, as far as is estimated', async () => {
    const days = '[mon, tue, wed, thu, fri, sat, sun]';
    const app = await start({ QUIET_HOURS: `[{ days: ${days}, from: "09:00", to: "17:00" }]` });
    const id = await ingest(app, { not_before: '2036-11-24T12:00:00Z' });

    expect(await app.client.get<StatusResponse>(`/status/${id}`)).toMatchObject({
      estimated_start_at: '2036-11-24T17:00:00.000Z',
      estimated_completion_at: expect.stringMatching(/^2036-11-24T17:00:0/),
    });
  });

  it('has estimates that end when it expires, before it is submitted too', async () => {
    const app = await start();
    const t0 = Math.ceil(Date.now() / 1000) * 1000;
    const expiresAt = new Date(t0 + 8_000).toISOString();
    await app.request.post('/ingest').send({ ids: [1, 2, 3], priority: 'HIGH' });
    const begun = { ids: [4, 5, 6, 7, 8, 9, 10], priority: 'HIGH', expires_at: expiresAt };
    const never = { ...begun, priority: 'LOW', not_before: 9 };
    const ids = [await ingest(app, begun), await ingest(app, never)];

    const [first, last] = await Promise.all(ids.map((id) => app.client.get<StatusResponse>(`/status/${id}`)));
    expect(first).toMatchObject({
      estimated_start_at: expect.any(String),
      estimated_completion_at: expiresAt,
    });
    expect(last).toMatchObject({ estimated_start_at: null, estimated_completion_at: expiresAt });
    const { body: dryRun } = await app.request.post('/ingest?dry_run=true').send(never).expect(200);
    expect(dryRun).toMatchObject({ estimated_start_at: null, estimated_completion_at: expiresAt });
  });
});

describe.each(['SQLite', 'PostgreSQL'])('A list with not_before on %s', (store) => {
  const startApp = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();

  const start = (): Promise<TestApp> =>
    startApp(
      {
        BATCH_DELAY: '0',
        ...(store === 'PostgreSQL' && {
          DATABASE_URL: postgres.url,
          DATABASE_SCHEMA: postgres.emptySchema(),
        }),
      },
      new ScriptedApi(),
    );

  it('is sent when it is due, and not before', async () => {
    const app = await start();
    const t0 = Date.now();
    const id = await ingest(app, { ids: [1], not_before: 1.2 });
    await app.client.waitForStatus(id, 'completed');

    expect(app.api.calls.map(({ atMs }) => atMs >= t0 + 1190)).toEqual([true]);
  });

  it('compares a time from now as it was given, and a time of the clock as a moment', async () => {
    const app = await start();
    const at = '2036-11-24T10:00:00Z';
    const first = await ingest(app, { not_before: 3600 });
    const stream = await app.request
      .post('/ingest/stream?priority=HIGH&not_before=3600')
      .set('Content-Type', 'text/plain')
      .send('1\n')
      .expect(200);
    const timed = await ingest(app, { not_before: at });

    expect((stream.body as { ingestion_id: string }).ingestion_id).toBe(first);
    expect(await ingest(app, { not_before: '2036-11-24T11:00:00+01:00' })).toBe(timed);
    expect(new Set([first, timed, await ingest(app, { not_before: 3601 }), await ingest(app, {})]).size).toBe(
      4,
    );
  });

  it('is refused where the time is not valid', async () => {
    const app = await start();
    for (const [status, notBefore] of [
      [422, true],
      [422, null],
      [422, [1]],
      [400, -1],
      [400, 1e9],
      [400, 'tomorrow'],
      [400, '2036-13-24T10:00:00Z'],
      [400, '3600'],
    ] as const) {
      const { body } = await app.request
        .post('/ingest')
        .send({ ids: [1], priority: 'HIGH', not_before: notBefore })
        .expect(status);
      expect(body).toMatchObject({ errors: [{ field: 'not_before' }] });
    }
    for (const query of ['tomorrow', '-1', '1e3', '']) {
      await app.request
        .post(`/ingest/stream?priority=HIGH&not_before=${query}`)
        .set('Content-Type', 'text/plain')
        .send('1\n')
        .expect(400);
    }
  });
});
