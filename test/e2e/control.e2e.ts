import { describe, expect, it } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';
import { waitFor } from '../support/wait-for.js';

/** A pace at which the first two ids are sent at once, and the rest stays pending for an hour. */
const SLOW = { BATCH_DELAY: '3600', BATCH_SIZE: '2' };

async function untilSent({ api }: TestApp): Promise<void> {
  await waitFor('a call', () => api.calls.length > 0);
}

describe.each(['SQLite', 'PostgreSQL'])('On %s an ingestion', (store) => {
  const start = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();

  const startApp = (variables: Record<string, string> = {}): Promise<TestApp> =>
    start({
      ...(store === 'PostgreSQL' && { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() }),
      ...variables,
    });

  it('tells what stands before it and when it will be done; the tag follows, the wait does not', async () => {
    const service = await startApp(SLOW);
    await service.client.submit([1, 2, 3], 'MEDIUM');
    await untilSent(service);
    const id = await service.client.submit([4, 5], 'LOW');

    const first = await service.request.get(`/status/${id}?batches=none`).expect(200);
    expect(first.body).toMatchObject({
      ids_ahead: 1,
      estimated_start_at: expect.any(String),
      estimated_completion_at: expect.any(String),
    });
    const etag = String(first.headers['etag']);
    await service.request.get(`/status/${id}?batches=none`).set('If-None-Match', etag).expect(304);
    await service.client.submit([6], 'HIGH');
    const { body } = await service.request
      .get(`/status/${id}?batches=none`)
      .set('If-None-Match', etag)
      .expect(200);
    expect(body).toMatchObject({ ids_ahead: 2 });
    const startedMs = performance.now();
    await service.request.get(`/status/${id}?batches=none&wait=1`).set('If-None-Match', etag).expect(200);
    expect(performance.now() - startedMs).toBeGreaterThan(900);
    await service.request.post('/queue/pause').expect(200);
    const paused = await service.request.get(`/status/${id}`).expect(200);
    expect(paused.body).toMatchObject({
      ids_ahead: 2,
      estimated_start_at: null,
      estimated_completion_at: null,
    });
  });

  it('is cancelled: nothing more of it goes', async () => {
    const service = await startApp(SLOW);
    const first = await service.client.submit([1, 2, 3], 'MEDIUM');
    await untilSent(service);
    const id = await service.client.submit([4, 5, 6], 'LOW');

    const { body } = await service.request.post(`/ingestions/${id}/cancel`).expect(200);
    expect(body).toMatchObject({
      ingestion_id: id,
      status: 'cancelled',
      progress: { cancelled: 3, yet_to_start: 0, percent: 100 },
      ids_ahead: 0,
      estimated_start_at: null,
    });
    await service.request.post(`/ingestions/${id}/cancel`).expect(200);
    const { body: status } = await service.request.get(`/status/${id}`).expect(200);
    expect((status as { batches: { status: string }[] }).batches.map((batch) => batch.status)).toEqual([
      'cancelled',
      'cancelled',
    ]);
    const { body: midway } = await service.request.post(`/ingestions/${first}/cancel`).expect(200);
    expect(midway).toMatchObject({ progress: { cancelled: 1 } });
    await service.request.patch(`/ingestions/${id}`).send({ priority: 'HIGH' }).expect(409);
    await service.request.post('/ingestions/nobody/cancel').expect(404);
  });

  it('that has ended cannot be cancelled', async () => {
    const service = await startApp();
    const id = await service.client.submit([1], 'LOW');
    await service.request.get(`/status/${id}?batches=none`);
    await service.client.waitForStatus(id, 'completed');

    const { body } = await service.request
      .post(`/ingestions/${id}/cancel`)
      .expect(409)
      .expect('Content-Type', /application\/problem\+json/);
    expect(body).toMatchObject({ status_code: 409, title: 'Conflict', detail: expect.any(String) });
  });

  it('goes to another priority', async () => {
    const service = await startApp(SLOW);
    await service.client.submit([1, 2, 3], 'MEDIUM');
    await untilSent(service);
    const id = await service.client.submit([4], 'LOW');

    const { body } = await service.request.patch(`/ingestions/${id}`).send({ priority: 'HIGH' }).expect(200);
    expect(body).toMatchObject({ ingestion_id: id, priority: 'HIGH', ids_ahead: 0 });
    const { body: queue } = await service.request.get('/queue').expect(200);
    expect(queue).toMatchObject({ waiting: { high: 1, medium: 1, low: 0 } });
  });

  it.each([
    [{ priority: 'URGENT' }, 400],
    [{ priority: 1 }, 422],
    [{}, 422],
    [{ priority: 'HIGH', ids: [1] }, 422],
    [[], 422],
  ])('is moved by no body like %j', async (body, status) => {
    const service = await startApp(SLOW);
    const id = await service.client.submit([4], 'LOW');

    await service.request
      .patch(`/ingestions/${id}`)
      .send(body)
      .expect(status)
      .expect('Content-Type', /application\/problem\+json/);
    await service.request.patch(`/ingestions/${id}`).type('text/plain').send('x').expect(415);
  });

  it('that is tried out is not queued', async () => {
    const service = await startApp(SLOW);
    await service.client.submit([1, 2, 3], 'MEDIUM');
    await untilSent(service);
    const list = { ids: [7, 8], priority: 'LOW' };

    const { body } = await service.request
      .post('/ingest?dry_run=true')
      .set('Idempotency-Key', 'mine')
      .send(list)
      .expect(200);
    expect(body).toEqual({
      ids_ahead: 1,
      estimated_start_at: expect.any(String),
      estimated_completion_at: expect.any(String),
      estimate_unknown: null,
      held_by: expect.objectContaining({ kind: 'pace' }),
    });
    await service.request
      .post('/ingest?dry_run=true')
      .send({ ids: [0], priority: 'LOW' })
      .expect(400);
    await service.request.post('/ingest?dry_run=maybe').send(list).expect(400);
    const accepted = await service.request
      .post('/ingest')
      .set('Idempotency-Key', 'mine')
      .send(list)
      .expect(200);
    expect(accepted.headers['idempotency-replayed']).toBeUndefined();
    const { body: queue } = await service.request.get('/queue').expect(200);
    expect(queue).toMatchObject({ waiting: { low: 2 } });
  });

  it('waits while the gate is paused, and goes when it is resumed', async () => {
    const service = await startApp({ BATCH_DELAY: '0' });
    await service.request.post('/queue/pause').expect(200);
    const id = await service.client.submit([1, 2], 'LOW');
    const { body: waiting } = await service.request.get(`/status/${id}?batches=none`).expect(200);
    expect(waiting).toMatchObject({ status: 'yet_to_start', estimated_start_at: null });
    expect(service.api.calls).toEqual([]);
    await service.request.post('/queue/resume').expect(200);
    await untilSent(service);
    expect(service.api.calls.map(({ ids }) => ids)).toEqual([[1n, 2n]]);
  });
});
