import { describe, expect, it } from '@jest/globals';
import type { IngestionList } from '../../src/ingestion/listing/dto/ingestions-response.dto.js';
import type { UpstreamCall } from '../../src/external-api/external-api.js';
import { useApps, type TestApp } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';
import { ScriptedApi } from '../support/scripted-api.js';

const LABELS = { shop: 'a', job: 'x=y' };

describe.each(['SQLite', 'PostgreSQL'])('Labels on %s', (store) => {
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
  const ingest = async ({ request }: TestApp, body: object): Promise<string> => {
    const response = await request.post('/ingest').send(body).expect(200);
    return (response.body as { ingestion_id: string }).ingestion_id;
  };

  it('are shown in status, results and listing, and find the list', async () => {
    const app = await start();
    const id = await ingest(app, { ids: [1], priority: 'HIGH', labels: LABELS });
    const plain = await ingest(app, { ids: [1], priority: 'HIGH' });
    await app.client.waitForStatus(id, 'completed');

    for (const path of [`/status/${id}`, `/status/${id}?include=results`, `/ingestions/${id}/results`]) {
      expect(await app.client.get(path)).toMatchObject({ labels: LABELS });
    }
    for (const path of [`/status/${plain}`, `/ingestions/${plain}/results`]) {
      expect(await app.client.get(path)).not.toHaveProperty('labels');
    }
    const list = (query: string) => app.client.get<IngestionList>(`/ingestions?${query}`);
    expect(
      (await list('label=shop=a&label=job%3Dx%3Dy&lane=default&priority=HIGH')).ingestions,
    ).toMatchObject([{ ingestion_id: id, labels: LABELS }]);
    expect(await list('label=shop=a&label=job=x')).toEqual({ ingestions: [], next: null });
    expect((await list('')).ingestions).toHaveLength(2);
  });

  it('of a stream are its parameters, and count for the content of idempotency', async () => {
    const app = await start();
    const stream = (query: string): Promise<{ body: { ingestion_id: string } }> =>
      app.request
        .post(`/ingest/stream?priority=HIGH${query}`)
        .set('Content-Type', 'text/plain')
        .send('1\n2\n')
        .expect(200);
    const { ingestion_id: id } = (await stream('&label=shop=a&label=job=x=y')).body;

    expect(await app.client.get(`/status/${id}`)).toMatchObject({ labels: LABELS });
    expect(await ingest(app, { ids: [1, 2], priority: 'HIGH', labels: { job: 'x=y', shop: 'a' } })).toBe(id);
    const others = [
      (await stream('')).body.ingestion_id,
      (await stream('&label=shop=a')).body.ingestion_id,
      await ingest(app, { ids: [1, 2], priority: 'HIGH', labels: { ...LABELS, shop: 'b' } }),
    ];
    expect(new Set([id, ...others]).size).toBe(4);
    expect(await ingest(app, { ids: [1, 2], priority: 'HIGH', labels: {} })).toBe(others[0]);
  });

  it('come with each id to the external API', async () => {
    const calls: UpstreamCall[] = [];
    const api = new ScriptedApi((call) => {
      calls.push(call);
      return Promise.resolve(call.ids.map((id) => ({ id, ok: true, data: null })));
    });
    const app = await start({ MAX_IN_FLIGHT: '1' }, api);
    await app.request.post('/queue/pause').expect(200);
    await ingest(app, { ids: [1], priority: 'HIGH' });
    const id = await ingest(app, { ids: [2, 3], priority: 'HIGH', labels: LABELS });
    await app.request.post('/queue/resume').expect(200);
    await app.client.waitForStatus(id, 'completed');
    await app.client.waitForStatus(await ingest(app, { ids: [4], priority: 'HIGH' }), 'completed');

    expect(calls.map(({ labels }) => labels)).toEqual([[{}, LABELS, LABELS], undefined]);
  });

  it('are refused where they are not valid', async () => {
    const app = await start();
    const tooMany = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`l${String(i)}`, 'a']));
    const invalid: readonly [number, unknown][] = [
      ...[['shop'], 'shop=a', null, { shop: 1 }].map((labels): [number, unknown] => [422, labels]),
      ...['', 'a b', '1a', 'a=b', `a${'b'.repeat(63)}`].map((name): [number, unknown] => [
        400,
        { [name]: 'a' },
      ]),
      ...['', 'a\n', '\0', 'a'.repeat(129)].map((value): [number, unknown] => [400, { shop: value }]),
      [400, tooMany],
    ];
    for (const [status, labels] of invalid) {
      const { body } = await app.request
        .post('/ingest')
        .send({ ids: [1], priority: 'HIGH', labels })
        .expect(status);
      expect(body).toMatchObject({ errors: [{ field: 'labels' }] });
    }
    expect(await app.client.get('/ingestions')).toEqual({ ingestions: [], next: null });
  });

  it('are refused where a name is given twice', async () => {
    const app = await start();
    await app.request
      .post('/ingest')
      .set('Content-Type', 'application/json')
      .send('{"ids":[1],"priority":"HIGH","labels":{"shop":"a","shop":"b"}}')
      .expect(422);
    await app.request.get('/ingestions?label=shop=a&label=shop=b').expect(400);
    await app.request.get('/ingestions?label=shop').expect(400);
    await app.request.get('/ingestions?label=a=a&label=b').expect(400);
    await app.request.get('/ingestions?lane=a&lane=b').expect(400);
  });
});
