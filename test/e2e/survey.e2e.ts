import { describe, expect, it } from '@jest/globals';
import type {
  DispatchList,
  IngestionDispatchList,
} from '../../src/operations/dispatches/dto/dispatches-response.dto.js';
import type { IngestionList } from '../../src/ingestion/listing/dto/ingestions-response.dto.js';
import { useApps, type TestApp } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';
import { refuseForGood, ScriptedApi, silent } from '../support/scripted-api.js';
import { waitFor } from '../support/wait-for.js';

describe.each(['SQLite', 'PostgreSQL'])('On %s', (store) => {
  const startApp = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();

  const start = (variables: Record<string, string> = {}, api = new ScriptedApi()): Promise<TestApp> =>
    startApp(
      {
        BATCH_DELAY: '0',
        ...(store === 'PostgreSQL' && {
          DATABASE_URL: postgres.url,
          DATABASE_SCHEMA: postgres.emptySchema(),
        }),
        ...variables,
      },
      api,
    );

  it('GET /ingestions lists the newest first, page by page, filtered', async () => {
    const app = await start();
    const ids: string[] = [];
    for (const [i, priority] of (['HIGH', 'LOW', 'HIGH'] as const).entries()) {
      ids.unshift(await app.client.submit([i + 1, i + 2], priority));
    }
    await Promise.all(ids.map((id) => app.client.waitForStatus(id, 'completed', 'failed')));
    const list = (parameters: string) => app.client.get<IngestionList>(`/ingestions?${parameters}`);
    const first = await list('limit=2');
    const second = await list(`limit=2&after=${String(first.next)}`);
    const high = await list(
      'priority=HIGH&status=completed&created_from=2020-01-01T00:00:00Z&created_to=2100-01-01T00:00:00%2B01:00',
    );

    const [newest] = first.ingestions;
    expect(newest).toMatchObject({ status: 'completed', priority: 'HIGH', lane: 'default' });
    expect(await app.client.get(`/status/${String(ids[0])}?batches=none`)).toMatchObject({
      ingestion_id: newest?.ingestion_id,
      last_updated_at: newest?.last_updated_at,
      progress: newest?.progress,
    });
    expect([...first.ingestions, ...second.ingestions].map((each) => each.ingestion_id)).toEqual(ids);
    expect(second.next).toBeNull();
    expect(high.ingestions.map((each) => each.ingestion_id)).toEqual([ids[0], ids[2]]);
    expect(await list('status=failed')).toEqual({ ingestions: [], next: null });
  });

  it('GET /ingestions writes all that match as CSV or lines of JSON, and finds a list by its mark', async () => {
    const app = await start({}, silent());
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      ids.unshift(await app.client.submit([i + 1], 'LOW', { labels: { team: '=1+1', shop: 'a,b' } }));
    }
    await app.client.submit([9], 'HIGH');
    const get = (parameters: string, accept: string) =>
      app.request.get(`/ingestions?${parameters}`).set('Accept', accept).expect(200);
    const csv = await get('priority=LOW&limit=1', 'text/csv');
    const [header, first, ...rest] = csv.text.trimEnd().split('\r\n');
    const lines = (await get('priority=LOW', 'application/x-ndjson')).text.trimEnd().split('\n');
    const { ingestions } = await app.client.get<IngestionList>('/ingestions?priority=LOW');
    const [newest = ''] = ids;

    expect(csv.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      vary: 'Accept, Accept-Encoding',
    });
    expect(header).toMatch(/^ingestion_id,status,priority,lane,client,labels,total,/);
    expect(first).toMatch(new RegExp(`^${newest},[a-z_]+,LOW,default,,"shop=a,b team==1\\+1",1,`));
    expect(rest).toHaveLength(2);
    expect(lines.map((line) => (JSON.parse(line) as { ingestion_id: string }).ingestion_id)).toEqual(ids);
    expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual(Object.keys(ingestions[0] ?? {}));
    for (const part of [newest, newest.slice(0, 13).toUpperCase(), newest.slice(-4)]) {
      const found = await app.client.get<IngestionList>(`/ingestions?ingestion_id=${part}`);
      expect(found.ingestions.map((each) => each.ingestion_id)).toContain(newest);
    }
    const other = await app.client.get<IngestionList>(`/ingestions?ingestion_id=${newest.slice(4, 12)}`);
    expect(other.ingestions).toEqual([]);
  });

  it('GET /dispatches shows what went out when, exact, with retries and failures', async () => {
    let tries = 0;
    const api = new ScriptedApi((call) =>
      tries++ === 0
        ? Promise.resolve(call.ids.map((id) => ({ id, ok: false, message: 'busy', permanent: false })))
        : refuseForGood(call),
    );
    const app = await start({ RETRY_BASE: '0' }, api);
    const id = await app.client.submit(['9007199254740993', '10000000000000000007'], 'LOW');
    await app.client.waitForStatus(id, 'completed', 'failed');
    const { text } = await app.request.get(`/dispatches?ingestion_id=${id}`).expect(200);
    const list = (parameters: string) => app.client.get<DispatchList>(`/dispatches?${parameters}`);
    const { dispatches } = await list('');
    const page = await list('limit=1');
    const behind = await list(`limit=1&after=${String(page.next)}`);

    const [first, ...retries] = dispatches.toReversed();
    expect(first).toMatchObject({
      outcome: 'settled',
      counts: { completed: 0, retried: 2, failed: 0 },
      duration_ms: Date.parse(first?.ended_at ?? '') - Date.parse(first?.started_at ?? ''),
      parts: [
        {
          ingestion_id: id,
          priority: 'LOW',
          attempt: 1,
          errors: [{ kind: 'upstream', message: 'busy' }, {}],
        },
      ],
    });
    expect(retries.reduce((sum, { counts }) => sum + counts.failed, 0)).toBe(2);
    expect(retries[0]?.parts[0]).toMatchObject({ attempt: 2, errors: [{ kind: 'rejected' }] });
    expect(text).toContain('"ids":[9007199254740993,10000000000000000007]');
    expect(text).toContain('"id":10000000000000000007,"kind":"upstream"');
    expect([...page.dispatches, ...behind.dispatches]).toEqual(dispatches.slice(0, 2));
  });

  it('shows one list its dispatches and pending retries, without the ids of others', async () => {
    const api = new ScriptedApi(({ ids }) =>
      Promise.resolve(
        ids.map((id) =>
          id === 2n
            ? { id, ok: false, message: 'busy', permanent: false }
            : { id, ok: true, data: 'processed' },
        ),
      ),
    );
    const app = await start(
      { BATCH_SIZE: '5', BATCH_DELAY: '1', RETRY_BASE: '3600', RETRY_MAX: '3600', MAX_ATTEMPTS: '4' },
      api,
    );
    await app.request.post('/queue/pause').expect(200);
    const one = await app.client.submit([1, 2, '10000000000000000007'], 'LOW');
    const other = await app.client.submit([4, 5], 'LOW');
    await app.request.post('/queue/resume').expect(200);
    await app.client.waitForStatus(other, 'completed');
    const { text } = await app.request.get(`/ingestions/${one}/dispatches`).expect(200);
    const { dispatches, next } = JSON.parse(text) as IngestionDispatchList;
    const { body: retries } = await app.request.get(`/ingestions/${one}/retries`).expect(200);

    expect(next).toBeNull();
    expect(dispatches).toMatchObject([
      { outcome: 'settled', completed: 2, unsuccessful: 1, parts: [{ attempt: 1, errors: [{ id: 2 }] }] },
    ]);
    expect(Object.keys(dispatches[0] ?? {})).not.toContain('counts');
    expect(text).toContain('"ids":[1,2,10000000000000000007]');
    expect(retries).toMatchObject({
      max_attempts: 4,
      retries: [{ id: 2, position: 1, next_attempt: 2, last_error: { kind: 'upstream', message: 'busy' } }],
    });
    const [{ next_attempt_at: at, last_failed_at: failedAt }] = retries.retries;
    expect(Date.parse(at) - Date.parse(failedAt)).toBeGreaterThan(1000);
    for (const path of ['dispatches', 'retries']) {
      await app.request.get(`/ingestions/unknown/${path}`).expect(404);
      await app.request.get(`/ingestions/${one}/${path}?limit=0`).expect(400);
    }
    expect((await app.request.get(`/ingestions/${other}/retries`)).body.retries).toEqual([]);
  });

  it('GET /ids finds the lists that have an id, and says how far it is', async () => {
    const app = await start({}, new ScriptedApi(refuseForGood));
    const failed = await app.client.submit(['10000000000000000007'], 'HIGH');
    await app.client.waitForStatus(failed, 'failed');
    const later = await app.client.submit([4, '10000000000000000007'], 'LOW', { not_before: 3600 });
    const { text } = await app.request.get('/ids/10000000000000000007').expect(200);
    const { body: first } = await app.request.get('/ids/10000000000000000007?limit=1').expect(200);
    const { body: second } = await app.request.get(
      `/ids/10000000000000000007?limit=1&after=${String(first.next)}`,
    );
    const found = [
      { ingestion_id: later, position: 1, status: 'yet_to_start', lane: 'default', priority: 'LOW' },
      {
        ingestion_id: failed,
        position: 0,
        status: 'failed',
        error: { kind: 'rejected', message: 'no such id' },
      },
    ];

    expect(text).toMatch(/^{"id":10000000000000000007,/);
    expect(JSON.parse(text)).toMatchObject({ found, searched_ids: 3, searched_ingestions: 2, next: null });
    expect([...first.found, ...second.found]).toMatchObject(found);
    expect((await app.request.get('/ids/5')).body).toMatchObject({ id: 5, found: [], next: null });
    for (const path of ['0', '01', '-1', '1.5', 'x', '10000000000000000008', '1?limit=101', '1?after=7']) {
      await app.request.get(`/ids/${path}`).expect(400);
    }
  });

  it('shows a dispatch in flight', async () => {
    const app = await start({}, silent());
    await app.client.submit([1], 'HIGH');
    await waitFor('a call', () => app.api.calls.length > 0);
    const { body } = await app.request.get('/dispatches').expect(200);

    expect(body.dispatches).toMatchObject([
      {
        outcome: 'in_flight',
        ended_at: null,
        duration_ms: null,
        counts: { completed: 0, retried: 0, failed: 0 },
      },
    ]);
  });
});

describe('The survey', () => {
  const start = useApps();

  it('refuses parameters that are unknown, repeated or not valid', async () => {
    const { request } = await start();
    for (const [path, field] of [
      ['/ingestions?limit=0', 'limit'],
      ['/ingestions?limit=1001', 'limit'],
      ['/ingestions?limit=x', 'limit'],
      ['/ingestions?after=1', 'after'],
      ['/ingestions?after=-1-2', 'after'],
      ['/ingestions?status=done', 'status'],
      ['/ingestions?priority=high', 'priority'],
      ['/ingestions?created_from=yesterday', 'created_from'],
      ['/ingestions?created_from=2026-02-30T00:00:00Z', 'created_from'],
      ['/ingestions?created_to=2026-11-24T25:00:00Z', 'created_to'],
      ['/ingestions?created_to=2026-11-24', 'created_to'],
      ['/ingestions?created_to=2026-11-24T10:00:00%2B99:00', 'created_to'],
      ['/ingestions?ingestion_id=e03', 'ingestion_id'],
      ['/ingestions?ingestion_id=e03x', 'ingestion_id'],
      ['/ingestions?color=red', 'color'],
      ['/ingestions?limit=1&limit=2', 'limit'],
      ['/dispatches?limit=501', 'limit'],
      ['/dispatches?after=0', 'after'],
      ['/dispatches?ingestion_id=a&ingestion_id=b', 'ingestion_id'],
    ] as const) {
      const { body, headers } = await request.get(path).expect(400);
      expect(headers['content-type']).toMatch('application/problem+json');
      expect([path, body.errors[0].field, body.status_code]).toEqual([path, field, 400]);
    }
  });

  it('knows other methods as the contract does', async () => {
    const app = await start();
    await app.request.post('/ingestions').expect(405);
    await app.request.delete('/dispatches').expect(405);
    await app.request.get('/dispatches?ingestion_id=unknown').expect(200, { dispatches: [], next: null });
  });
});
