import { describe, expect, it } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { ScriptedApi } from '../support/scripted-api.js';
import { waitFor } from '../support/wait-for.js';
import { usePostgres } from '../support/postgres-stores.js';
import type { UpstreamCall, UpstreamResult } from '../../src/external-api/external-api.js';

interface BulkActionAnswer {
  readonly bulk_action_id: string;
  readonly state: string;
}

function refuse({ ids }: UpstreamCall): Promise<UpstreamResult[]> {
  return Promise.resolve(ids.map((id) => ({ id, ok: false, message: 'no such id', permanent: true })));
}

describe.each(['SQLite', 'PostgreSQL'])('Bulk actions on %s', (store) => {
  const startApp = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();

  const start = (variables: Record<string, string> = {}, api = new ScriptedApi(refuse)): Promise<TestApp> =>
    startApp(
      {
        BATCH_DELAY: '0',
        MAX_ATTEMPTS: '1',
        IDEMPOTENCY_BY_CONTENT: 'false',
        ...(store === 'PostgreSQL' && {
          DATABASE_URL: postgres.url,
          DATABASE_SCHEMA: postgres.emptySchema(),
        }),
        ...variables,
      },
      api,
    );

  async function ingest({ request }: TestApp, body: object): Promise<string> {
    const answer = await request
      .post('/ingest')
      .send({ priority: 'LOW', ...body })
      .expect(200);
    return (answer.body as { ingestion_id: string }).ingestion_id;
  }

  async function plan({ request }: TestApp, body: object): Promise<BulkActionAnswer> {
    return (await request.post('/bulk-actions').send(body).expect(201)).body as BulkActionAnswer;
  }

  /** Starts a plan and resolves with the action at its end. */
  async function run(
    { request }: TestApp,
    { bulk_action_id: id }: BulkActionAnswer,
  ): Promise<BulkActionAnswer> {
    await request.post(`/bulk-actions/${id}/start`).expect(202);
    for (;;) {
      const { body } = await request.get(`/bulk-actions/${id}`).expect(200);
      if ((body as BulkActionAnswer).state !== 'running') {
        return body as BulkActionAnswer;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('cancel all lists that match, none that came after the plan, and leave one entry for the act', async () => {
    const app = await start();
    await app.request.post('/queue/pause').expect(200);
    const berlin = [];
    for (let i = 0; i < 25; i++) {
      berlin.push(await ingest(app, { ids: [i + 1, 100 + i], labels: { shop: 'berlin' } }));
    }
    const paris = await ingest(app, { ids: [300], labels: { shop: 'paris' } });
    const planned = await plan(app, {
      action: 'cancel',
      filter: { label: ['shop=berlin'], lane: 'default' },
    });
    expect(planned).toMatchObject({
      action: 'cancel',
      filter: { label: ['shop=berlin'], lane: 'default' },
      state: 'planned',
      ingestions: 25,
      ids: 50,
      ids_done: 0,
    });
    const late = await ingest(app, { ids: [301], labels: { shop: 'berlin' } });
    await app.request.post(`/ingestions/${String(berlin[3])}/cancel`).expect(200);

    expect(await run(app, planned)).toMatchObject({
      state: 'completed',
      ingestions_done: 24,
      ids_done: 48,
      skipped: 1,
      last_error: null,
    });
    await app.client.waitForStatus(String(berlin[0]), 'cancelled');
    expect(await app.client.get(`/status/${paris}`)).toMatchObject({ status: 'yet_to_start' });
    expect(await app.client.get(`/status/${late}`)).toMatchObject({ status: 'yet_to_start' });
    const { body } = await app.request.get(`/audit?target=${planned.bulk_action_id}`).expect(200);
    expect(body.entries).toMatchObject([
      { action: 'end_bulk_action', to: 'completed' },
      { action: 'cancel', affected: 48, lane: 'default' },
      { action: 'start_bulk_action' },
    ]);
  });

  it('change the priority of those that have another one', async () => {
    const app = await start();
    await app.request.post('/queue/pause').expect(200);
    const low = await ingest(app, { ids: [1, 2] });
    await ingest(app, { ids: [3], priority: 'HIGH' });
    const planned = await plan(app, { action: 'reprioritize', filter: {}, priority: 'HIGH' });

    expect(planned).toMatchObject({ ingestions: 1, ids: 2, priority: 'HIGH' });
    expect(await run(app, planned)).toMatchObject({ state: 'completed', ingestions_done: 1, ids_done: 2 });
    expect(await app.client.get(`/status/${low}`)).toMatchObject({ priority: 'HIGH' });
  });

  it('leave dead letters of a retired lane, which would be sent by nobody, until the lane is made again', async () => {
    const api = new ScriptedApi(refuse);
    const app = await start({}, api);
    await app.request.put('/lanes/crm').send({ batch_delay: 0 }).expect(201);
    const gone = await ingest(app, { ids: [1, 2], lane: 'crm' });
    const here = await ingest(app, { ids: [3] });
    await app.client.waitForStatus(gone, 'failed');
    await app.client.waitForStatus(here, 'failed');
    await app.request.delete('/lanes/crm').expect(202);
    await waitFor(
      'the lane to be retired',
      () => app.request.get('/whoami'),
      ({ body }) => !(body as { lanes: string[] }).lanes.includes('crm'),
    );

    const { body } = await app.request.post(`/ingestions/${gone}/redrive`).expect(409);
    expect(body.detail).toBe('lane crm is retired: make it again before its ids are sent again');
    api.answerWith(({ ids }) => Promise.resolve(ids.map((id) => ({ id, ok: true, data: null }))));
    const planned = await plan(app, { action: 'redrive', filter: {} });
    expect(await run(app, planned)).toMatchObject({ state: 'completed', ids_done: 1, skipped: 2 });
    await app.client.waitForStatus(here, 'completed');
    expect((await app.request.post('/dead-letters/redrive?all=true')).body).toEqual({ redriven: 0 });

    await app.request.put('/lanes/crm').send({ batch_delay: 0 }).expect(201);
    expect((await app.request.post(`/ingestions/${gone}/redrive`)).body).toEqual({ redriven: 2 });
    await app.client.waitForStatus(gone, 'completed');
  });

  it('redrive and discard dead letters by their filters', async () => {
    const api = new ScriptedApi(refuse);
    const app = await start({}, api);
    const one = await ingest(app, {
      ids: Array.from({ length: 1200 }, (_, i) => i + 1),
      labels: { job: 'x' },
    });
    const two = await ingest(app, { ids: [2001] });
    await app.client.waitForStatus(one, 'failed');
    await app.client.waitForStatus(two, 'failed');

    const discard = await plan(app, {
      action: 'discard',
      filter: { label: ['job=x'], message: 'no such id' },
    });
    expect(discard).toMatchObject({ ingestions: 1, ids: 1200, ingestions_done: null });
    expect(await run(app, discard)).toMatchObject({
      state: 'completed',
      ids_done: 1200,
      ingestions_done: null,
    });
    expect((await app.request.get('/dead-letters/counts')).body).toMatchObject({ total_ids: 1 });
    expect(await app.client.get(`/status/${one}?batches=none`)).toMatchObject({
      status: 'failed',
      progress: { failed: 1200 },
    });
    expect((await app.request.get(`/ingestions/${one}/results?limit=1`)).body.results).toEqual([
      { id: 1, status: 'failed', error: { kind: 'rejected', message: 'no such id' } },
    ]);
    expect((await app.request.post(`/ingestions/${one}/redrive`)).body).toEqual({ redriven: 0 });

    api.answerWith(({ ids }) => Promise.resolve(ids.map((id) => ({ id, ok: true, data: null }))));
    const redrive = await plan(app, { action: 'redrive', filter: { kind: 'rejected' } });
    expect(await run(app, redrive)).toMatchObject({ state: 'completed', ids_done: 1 });
    await app.client.waitForStatus(two, 'completed');
    const { body } = await app.request.get('/bulk-actions?limit=1').expect(200);
    expect(body.bulk_actions).toMatchObject([{ bulk_action_id: redrive.bulk_action_id }]);
    const rest = await app.request.get(`/bulk-actions?after=${String(body.next)}`).expect(200);
    expect(rest.body).toMatchObject({
      bulk_actions: [{ bulk_action_id: discard.bulk_action_id }],
      next: null,
    });
  });

  it('refuse a stop of a plan and a start of what has ended, and repeat a start without effect', async () => {
    const app = await start();
    const planned = await plan(app, { action: 'cancel', filter: {} });
    const path = `/bulk-actions/${planned.bulk_action_id}`;
    expect((await app.request.post(`${path}/stop`).expect(409)).body.detail).toBe('the action is planned');
    await run(app, planned);
    expect((await app.request.post(`${path}/start`).expect(409)).body.detail).toBe('the action is completed');
    await app.request.get('/bulk-actions/019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c').expect(404);
    await app.request.post('/bulk-actions/nonsense/start').expect(404);
  });

  it.each([
    [{ action: 'delete', filter: {} }, 400, /^action must be one of cancel/],
    [{ action: 'cancel' }, 422, /^filter is required/],
    [{ action: 'cancel', filter: [] }, 422, /^filter must be an object/],
    [{ action: 'cancel', filter: { kind: 'timeout' } }, 400, /^filter.kind is not a filter of this action/],
    [
      { action: 'redrive', filter: { status: 'failed' } },
      400,
      /^filter.status is not a filter of this action/,
    ],
    [{ action: 'redrive', filter: { upstream_status: 99 } }, 400, /^filter.upstream_status must be/],
    [{ action: 'cancel', filter: { label: 'x' } }, 400, /^filter.label must be name=value/],
    [{ action: 'cancel', filter: { lane: ['a'] } }, 422, /^filter.lane must be a string or a number/],
    [{ action: 'cancel', filter: { lane: null } }, 422, /^filter.lane must be a string or a number/],
    [{ action: 'cancel', filter: { label: [1] } }, 422, /^filter.label must be a list of strings/],
    [{ action: 'cancel', filter: {}, priority: 'HIGH' }, 422, /^priority belongs to/],
    [{ action: 'reprioritize', filter: {} }, 422, /^priority must be one of/],
    [{ action: 'cancel', filter: {}, all: true }, 422, /^all is not a known field/],
  ])('are refused: %j', async (body, status, detail) => {
    const app = await start();
    const answer = await app.request.post('/bulk-actions').send(body).expect(status);
    expect(answer.body.detail).toMatch(detail);
  });
});
