import { describe, expect, it } from '@jest/globals';
import { StoreProbe } from '../../src/operations/health/store-probe.js';
import { IngestionRepository } from '../../src/ingestion/ingestion.repository.js';
import { MaintenanceRepository } from '../../src/operations/maintenance/maintenance.repository.js';
import { StoreUnavailableError } from '../../src/domain/store-errors.js';
import { useApps } from '../support/app.js';
import { listen, sendRaw } from '../support/raw-http.js';
import { refuseForGood, ScriptedApi, silent } from '../support/scripted-api.js';

const UNKNOWN = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';
const BODY = { ids: [1, 2, 3, 4, 5], priority: 'HIGH' };

describe('POST /ingest', () => {
  const start = useApps();

  it('answers 200 with an id and where to follow it', async () => {
    const { request } = await start();
    const answer = await request.post('/ingest').send(BODY).expect(200);
    expect(answer.body).toEqual({ ingestion_id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(answer.headers['location']).toBe(`/status/${String(answer.body.ingestion_id)}`);
    expect(answer.headers['idempotency-replayed']).toBeUndefined();
  });

  it('accepts UTF-8 named in any case, and a byte order mark', async () => {
    const { request } = await start();
    await request
      .post('/ingest')
      .set('Content-Type', 'application/json; charset=UTF-8')
      .send(`\ufeff${JSON.stringify(BODY)}`)
      .expect(200);
  });

  it.each([
    ['no type', ''],
    ['a blank type', ' '],
    ['utf8', 'application/json; charset=utf8'],
    ['UTF8 in quotes', 'Application/JSON;charset="UTF8"'],
    ['utf-8 in quotes', 'application/json; charset="utf-8"; v=1'],
  ])('reads a body with %s as JSON, to accept it, to try it out and to move a list', async (_, type) => {
    const { app } = await start({ BATCH_DELAY: '3600' }, silent());
    const port = await listen(app);
    const send = async (method: string, path: string, body: string): Promise<string> =>
      sendRaw(port, [
        `${method} ${path} HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n${type === '' ? '' : `Content-Type: ${type}\r\n`}` +
          `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
      ]);
    const body = JSON.stringify(BODY);
    const accepted = await send('POST', '/ingest', body);
    expect(accepted).toMatch(/^HTTP\/1\.1 200 /);
    expect(await send('POST', '/ingest?dry_run=true', body)).toMatch(/^HTTP\/1\.1 200 /);
    const more = await send('POST', '/ingest', JSON.stringify({ ...BODY, ids: [6] }));
    const id = /"ingestion_id":"([^"]+)"/.exec(more)?.[1] ?? '';
    expect(await send('PATCH', `/ingestions/${id}`, '{"priority":"LOW"}')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('refuses a body without a type from a page elsewhere, unless CORS allows the page', async () => {
    const { app, api } = await start({ CORS_ORIGINS: 'https://shop.example' });
    const port = await listen(app);
    const body = JSON.stringify(BODY);
    const send = async (headers: string): Promise<string> =>
      sendRaw(port, [
        `POST /ingest HTTP/1.1\r\nHost: gate:80\r\nConnection: close\r\n${headers}` +
          `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
      ]);

    for (const foreign of [
      'Origin: https://evil.example\r\n',
      'Sec-Fetch-Site: same-site\r\n',
      'Origin: null\r\n',
    ]) {
      expect(await send(foreign)).toMatch(/^HTTP\/1\.1 415 .*application\/problem\+json/s);
    }
    expect(api.calls).toEqual([]);
    expect(await send('Origin: https://shop.example\r\nSec-Fetch-Site: cross-site\r\n')).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect(await send('Sec-Fetch-Site: same-origin\r\nOrigin: http://gate\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('knows its fields by names that are written in escapes', async () => {
    const { request, api } = await start({ BATCH_SIZE: '2' });
    const send = (body: string): ReturnType<typeof request.post> =>
      request.post('/ingest').set('Content-Type', 'application/json').send(body);
    await send(String.raw`{"\u0069ds": [1, 10000000000000000007], "prior\u0069ty": "\u0048IGH"}`).expect(200);
    await send(String.raw`{"id\u0073": [3, 4], "\u0070rio\u0072\u0069t\u0079": "LOW"}`).expect(200);
    await send(String.raw`{"priority": "LOW", "\u0070riority": "HIGH", "ids": [1]}`).expect(422);

    expect(api.calls[0]?.ids).toEqual([1n, 10000000000000000007n]);
  });

  it('keeps ids exact from the socket to the upstream and back', async () => {
    const { request, api } = await start({ BATCH_SIZE: '5' });
    const ids = '[1,9007199254740993,9223372036854775808,10000000000000000007,1]';
    const { body } = await request
      .post('/ingest')
      .set('Content-Type', 'application/json')
      .send(`{ "ids" : ${ids.replaceAll(',', ' ,\n')}, "priority": "LOW" }`)
      .expect(200);
    const status = await request.get(`/status/${String(body.ingestion_id)}`).expect(200);
    expect(status.text).toContain(`"ids":${ids}`);
    expect(api.calls[0]?.ids).toEqual([
      1n,
      9007199254740993n,
      9223372036854775808n,
      10000000000000000007n,
      1n,
    ]);
  });
});

describe('idempotency', () => {
  const start = useApps();

  it('by content: the same ids and priority are one ingestion, and the replay says so', async () => {
    const { request } = await start({}, silent());
    const first = await request.post('/ingest').send(BODY);
    const second = await request.post('/ingest').send(BODY);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    for (const other of [
      { ...BODY, priority: 'LOW' },
      { ...BODY, ids: [5, 4, 3, 2, 1] },
    ]) {
      expect((await request.post('/ingest').send(other)).body).not.toEqual(first.body);
    }
  });

  it('by key: same key and body one ingestion, another key a new one, another body 422', async () => {
    const { request } = await start({}, silent());
    const send = (key: string, body: object) =>
      request.post('/ingest').set('Idempotency-Key', key).send(body);
    const first = await send('a', BODY);
    expect((await send('a', BODY)).body).toEqual(first.body);
    expect((await send('b', BODY)).body).not.toEqual(first.body);
    const conflict = await send('a', { ...BODY, priority: 'LOW' });
    expect(conflict.body).toMatchObject({
      status_code: 422,
      detail: 'this Idempotency-Key was used with another body',
    });
  });

  it('50 equal requests at once are one ingestion', async () => {
    const { request } = await start({}, silent());
    const answers = await Promise.all(Array.from({ length: 50 }, () => request.post('/ingest').send(BODY)));
    expect(new Set(answers.map(({ body }) => String(body.ingestion_id))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
  });

  it.each([
    ['IDEMPOTENCY_BY_CONTENT=false', { IDEMPOTENCY_BY_CONTENT: 'false' }],
    ['IDEMPOTENCY_WINDOW_SECONDS=0', { IDEMPOTENCY_WINDOW_SECONDS: '0' }],
  ])('is off by content with %s', async (_name, variables: Record<string, string>) => {
    const { request } = await start(variables, silent());
    const [first, second] = [
      await request.post('/ingest').send(BODY),
      await request.post('/ingest').send(BODY),
    ];
    expect(first.body).not.toEqual(second.body);
  });
});

describe('GET /status', () => {
  const start = useApps();

  it('shows a batch that failed, with why, and the ingestion as failed', async () => {
    const { client } = await start({ BATCH_DELAY: '0' }, new ScriptedApi(refuseForGood));
    const id = await client.submit([1, 2, 3, 4], 'LOW');
    const failed = { status: 'failed', error: 'no such id' };
    expect(await client.waitForStatus(id, 'failed')).toEqual({
      ingestion_id: id,
      status: 'failed',
      batches: [
        { batch_id: expect.any(String), ids: [1, 2, 3], ...failed },
        { batch_id: expect.any(String), ids: [4], ...failed },
      ],
      priority: 'LOW',
      lane: 'default',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      last_updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      progress: {
        total: 4,
        yet_to_start: 0,
        in_flight: 0,
        completed: 0,
        failed: 4,
        cancelled: 0,
        percent: 100,
      },
      ids_ahead: 0,
      estimated_start_at: null,
      estimated_completion_at: null,
      estimate_unknown: null,
      held_by: null,
    });
  });

  it.each([UNKNOWN, 'abc', '1', '%00', '%ZZ', '..%2f..', 'x'.repeat(3000), "' OR 1=1 --"])(
    '404 for %s',
    async (id) => {
      const { request } = await start();
      const answer = await request.get(`/status/${id}`).expect(404);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    },
  );
});

describe('dead letters', () => {
  const start = useApps();

  it('are listed newest first, page by page, and go out again', async () => {
    const { request, client, api } = await start({ BATCH_DELAY: '0' }, new ScriptedApi(refuseForGood));
    const id = await client.submit([7, 8, 9], 'LOW');
    await client.waitForStatus(id, 'failed');
    const first = await request.get('/dead-letters?limit=2').expect(200);
    expect(first.body.dead_letters).toMatchObject([{ id: 9 }, { id: 8 }]);
    const rest = await request.get(`/dead-letters?limit=2&after=${String(first.body.next)}`).expect(200);
    expect(rest.body).toMatchObject({
      dead_letters: [{ id: 7, ingestion_id: id, error: { kind: 'rejected', message: 'no such id' } }],
      next: null,
    });

    api.answerWith(() => new Promise(() => undefined));
    expect((await request.post(`/ingestions/${id}/redrive`).expect(200)).body).toEqual({ redriven: 3 });
    expect((await request.get(`/status/${id}`)).body.status).toBe('triggered');
    expect((await request.post(`/ingestions/${id}/redrive`).expect(200)).body).toEqual({ redriven: 0 });
    expect((await request.get('/dead-letters')).body).toEqual({ dead_letters: [], next: null });
  });

  it.each([
    ['get', '/dead-letters?limit=0', 'limit must be an integer from 1 to 1000'],
    ['get', '/dead-letters?limit=ten', 'limit must be an integer from 1 to 1000'],
    ['get', '/dead-letters?after=x', 'after is not the `next` of a page'],
    ['get', '/dead-letters?limit=1&limit=2', 'limit must be given once'],
    ['get', '/dead-letters?colour=red', 'colour is not a known parameter'],
    ['post', '/dead-letters/redrive?kind=', /^kind must be one of network, /],
    ['post', '/dead-letters/redrive?knid=timeout', 'knid is not a known parameter'],
    ['post', '/dead-letters/redrive?all=yes', 'all must be true'],
    ['post', '/dead-letters/redrive?position=1', 'position needs ingestion_id beside it'],
  ] as const)('400: %s %s', async (method, path, detail) => {
    const { request } = await start();
    const { body } = await request[method](path).expect(400);
    expect(body.detail).toEqual(detail instanceof RegExp ? expect.stringMatching(detail) : detail);
  });

  it.each([
    ['', 'all is required where neither ingestion_id nor kind is given'],
    ['?all=true&kind=rejected', 'all must not stand beside a filter'],
  ])('422, and nothing is sent: a redrive with %j', async (query, detail) => {
    const { request, client } = await start({ BATCH_DELAY: '0' }, new ScriptedApi(refuseForGood));
    await client.waitForStatus(await client.submit([7], 'LOW'), 'failed');

    expect((await request.post(`/dead-letters/redrive${query}`).expect(422)).body).toMatchObject({
      detail,
      errors: [{ field: 'all' }],
    });
    expect((await request.get('/dead-letters')).body.dead_letters).toHaveLength(1);
  });

  it('are counted by kind, and all go out again where all are asked for', async () => {
    const { request, client } = await start({ BATCH_DELAY: '0' }, new ScriptedApi(refuseForGood));
    await client.waitForStatus(await client.submit([7, 8], 'LOW'), 'failed');

    expect((await request.get('/dead-letters/counts').expect(200)).body).toMatchObject({
      max_per_kind: 10_000,
      kinds: { rejected: 2, timeout: 0 },
    });
    expect((await request.post('/dead-letters/redrive?all=true').expect(200)).body).toEqual({ redriven: 2 });
  });

  it('a redrive of an unknown ingestion is 404, one that matches nothing says 0', async () => {
    const { request } = await start();
    await request.post(`/ingestions/${UNKNOWN}/redrive`).expect(404);
    expect((await request.post('/dead-letters/redrive?kind=timeout').expect(200)).body).toEqual({
      redriven: 0,
    });
    expect((await request.get(`/dead-letters?ingestion_id=nobody`).expect(200)).body.dead_letters).toEqual(
      [],
    );
  });
});

describe('errors', () => {
  const start = useApps();

  it.each([
    ['get', '/ingest', 'POST'],
    ['put', '/ingest', 'POST'],
    ['delete', `/status/${UNKNOWN}`, 'GET, HEAD'],
    ['post', '/health', 'GET, HEAD'],
    ['post', '/openapi.json', 'GET, HEAD'],
    ['get', '/dead-letters/redrive', 'POST'],
  ] as const)('405 with Allow: %s %s', async (method, path, allow) => {
    const { request } = await start();
    const answer = await request[method](path).expect(405);
    expect(answer.headers['allow']).toBe(allow);
    expect(answer.body.status_code).toBe(405);
  });

  it.each(['/', '/nothing', '/status', '/status/', '/ingest/x', '/docs/assets/nothing.js', '/%ZZ'])(
    '404: %s',
    async (path) => {
      const { request } = await start();
      expect((await request.get(path).expect(404)).body.status_code).toBe(404);
    },
  );

  it('503 with Retry-After while the store fails; afterwards all is well', async () => {
    const { app, request } = await start();
    const repository = app.get(IngestionRepository);
    const accept = repository.acceptAll.bind(repository);
    repository.acceptAll = () => Promise.reject(new StoreUnavailableError('disk full'));
    const answer = await request.post('/ingest').send(BODY).expect(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.text).not.toContain('disk');
    repository.acceptAll = accept;
    await request.post('/ingest').send(BODY).expect(200);
  });

  it('500 says nothing of the inside', async () => {
    const { app, request } = await start();
    app.get(IngestionRepository).findById = () => Promise.reject(new Error('secret'));
    const answer = await request.get(`/status/${UNKNOWN}`).expect(500);
    expect(answer.body).toEqual({
      detail: 'internal error',
      status_code: 500,
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal',
    });
  });
});

describe('GET /health', () => {
  const start = useApps();

  it('is healthy, and 503 when the store does not take work', async () => {
    const { app, request } = await start();
    expect((await request.get('/health').expect(200)).body).toMatchObject({
      status: 'healthy',
      service: 'sluice',
      timestamp: expect.stringMatching(/Z$/),
    });
    app.get(MaintenanceRepository).ping = () => Promise.reject(new StoreUnavailableError('gone'));
    await app.get(StoreProbe).probe();
    expect((await request.get('/health').expect(503)).headers['retry-after']).toBe('1');
  });
});
