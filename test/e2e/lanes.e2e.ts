import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { failToStart } from '../support/built-service.js';
import { EventStream } from '../support/event-stream.js';
import { idRange } from '../support/lists.js';
import type { ScriptedApi } from '../support/scripted-api.js';
import { useTempFolders } from '../support/temp-folder.js';
import { useUpstream } from '../support/upstream/upstream.js';

describe('Lanes', () => {
  const start = useApps();
  const newFolder = useTempFolders();
  const crm = useUpstream();

  function lanesFile(yaml: string): string {
    const path = join(newFolder(), 'lanes.yaml');
    writeFileSync(path, yaml);
    return path;
  }

  const startWith = (yaml: string, api?: ScriptedApi): Promise<TestApp> =>
    start({ LANES_FILE: lanesFile(yaml), BATCH_DELAY: '0.01', RETRY_BASE: '0' }, api);

  interface Shown {
    readonly status: string;
    readonly lanes: Readonly<
      Record<string, { readonly breaker: { readonly state: string }; readonly in_flight: number }>
    >;
  }

  it('send each list to its own upstream, and show its lane', async () => {
    const app = await startWith(`lanes:\n  crm:\n    url: ${crm.urlOf('/items/{id}')}\n    batch_size: 2\n`);
    const ofCrm = await app.client.submit([1, 2, 3], 'HIGH', { lane: 'crm' });
    const ofDefault = await app.client.submit([1, 2, 3]);

    const status = await app.client.waitForStatus(ofCrm, 'completed');
    expect(status).toMatchObject({ lane: 'crm', batches: [{ ids: [1, 2] }, { ids: [3] }] });
    expect(await app.client.waitForStatus(ofDefault, 'completed')).toMatchObject({
      lane: 'default',
      batches: [{ ids: [1, 2, 3] }],
    });
    expect((await crm.seen()).map(({ url }) => url).sort()).toEqual(['/items/1', '/items/2', '/items/3']);
    expect(app.api.calls.map(({ ids }) => ids)).toEqual([[1n, 2n, 3n]]);
  });

  it('do not delay each other: one is broken and its breaker open, the other goes on', async () => {
    await crm.play('broken');
    const app = await startWith(
      `lanes:\n  crm:\n    url: ${crm.urlOf('/process')}\n    breaker_threshold: 1\n    breaker_cooldown: 3600\n`,
    );
    const stuck = await app.client.submit([1], 'HIGH', { lane: 'crm' });
    await app.client.waitFor<Shown>('/queue', ({ lanes }) => lanes['crm']?.breaker.state === 'open');
    const other = await app.client.submit([2], 'HIGH', { lane: 'default' });
    await app.client.waitForStatus(other, 'completed');

    const { body: queue } = await app.request.get('/queue').expect(200);
    expect(queue).toMatchObject({
      breaker: { state: 'closed' },
      lanes: {
        crm: { retries_waiting: 1, breaker: { state: 'open' } },
        default: { breaker: { state: 'closed' } },
      },
    });
    expect((await app.request.get('/health')).body.lanes).toMatchObject({
      crm: { breaker: 'open', upstream: crm.urlOf('/process') },
    });
    expect((await app.request.get(`/status/${stuck}`)).body.status).toBe('triggered');
  });

  it('do not delay each other: the calls of one hang, and the other takes slot after slot', async () => {
    await crm.play('slow headers');
    const app = await startWith(
      `lanes:\n  crm:\n    url: ${crm.urlOf('/process')}\n    batch_size: 1\n    max_in_flight: 2\n`,
    );
    const stuck = await app.client.submit([1, 2, 3], 'HIGH', { lane: 'crm' });
    await app.client.waitFor<Shown>('/queue', ({ lanes }) => lanes['crm']?.in_flight === 2);
    const other = await app.client.submit(idRange(1, 60), 'HIGH', { lane: 'default' });
    await app.client.waitForStatus(other, 'completed');

    expect(app.api.calls).toHaveLength(20);
    expect((await app.request.get('/queue')).body.lanes.crm).toMatchObject({
      in_flight: 2,
      waiting: { total: 1 },
    });
    expect((await app.request.get(`/status/${stuck}`)).body.status).toBe('triggered');
  });

  it('at one address send each what is its own, and nothing of the other', async () => {
    const url = crm.urlOf('/process');
    const app = await startWith(`lanes:
  one: {url: "${url}", headers: {X-Account: first}}
  two: {url: "${url}", headers: {X-Tenant: second}}
`);
    for (const [lane, id] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      const of = await app.client.submit([id], 'HIGH', { lane });
      await app.client.waitForStatus(of, 'completed');
    }
    const seen = await crm.seen();
    expect(seen.map(({ body, headers }) => [body, headers['x-account'], headers['x-tenant']])).toEqual([
      ['{"ids":[1]}', 'first', undefined],
      ['{"ids":[2]}', undefined, 'second'],
    ]);
  });

  it('are paused and resumed by name, or all at once', async () => {
    const app = await startWith('lanes: {crm: {batch_size: 2}}');
    const { body } = await app.request.post('/queue/pause?lane=crm').expect(200);
    expect(body).toMatchObject({
      paused: false,
      lanes: { crm: { paused: true }, default: { paused: false } },
    });
    await app.request.post('/queue/pause').expect(200);
    const { body: all } = await app.request.get('/queue').expect(200);
    expect(all).toMatchObject({ paused: true, lanes: { crm: { paused: true } } });
    const { body: resumed } = await app.request.post('/queue/resume').expect(200);
    expect(resumed).toMatchObject({ paused: false, lanes: { crm: { paused: false } } });
    await app.request.post('/queue/pause?lane=none').expect(400);
  });

  it('are watched each by itself', async () => {
    const app = await startWith('lanes: {crm: {batch_size: 2}}');
    await app.request.post('/queue/pause?lane=crm').expect(200);
    await app.client.submit([1, 2, 3], 'HIGH', { lane: 'crm' });
    const done = await app.client.submit([4]);
    await app.client.waitForStatus(done, 'completed');
    await app.app.listen(0, '127.0.0.1');
    const stream = await EventStream.open(`${await app.app.getUrl()}/events?lane=crm`);
    const { value: first } = await stream.events().next();
    stream.close();

    expect(first).toMatchObject({
      type: 'queue', // without the dispatch of the other lane before it
      data: { paused: true, pace: { batch_size: 2 }, next: [{ ids: [1, 2, 3] }] },
    });
    expect((await app.request.get('/queue/next?lane=crm')).body.next).toMatchObject([{ ids: [1, 2, 3] }]);
    expect((await app.request.get('/queue/next')).body.next).toEqual([]);
    for (const path of ['/events', '/queue/next', '/history']) {
      await app.request.get(`${path}?lane=none`).expect(400);
    }
    await app.request.get('/history?lane=crm').expect(200);
  });

  it.each([
    [{ ids: [1], priority: 'LOW', lane: 'none' }, 400],
    [{ ids: [1], priority: 'LOW', lane: '' }, 400],
    [{ ids: [1], priority: 'LOW', lane: 5 }, 422],
    [{ ids: [1], priority: 'LOW', lane: null }, 422],
  ])('that do not exist are refused: %j', async (body, status) => {
    const app = await startWith('lanes: {crm: {batch_size: 2}}');
    const { body: problem } = await app.request.post('/ingest').send(body).expect(status);
    expect(problem.errors).toMatchObject([{ field: 'lane' }]);
    expect((await app.request.get('/queue')).body.waiting.total).toBe(0);
  });

  it('take streamed lists as well', async () => {
    const app = await startWith('lanes: {crm: {batch_size: 2}}');
    const send = (lane: string) =>
      app.request
        .post(`/ingest/stream?priority=LOW&lane=${lane}`)
        .set('Content-Type', 'text/plain')
        .send('1\n2\n3\n');
    const { body } = await send('crm').expect(200);
    expect((await app.request.get(`/status/${String(body.ingestion_id)}`)).body.lane).toBe('crm');
    await send('none').expect(400);
  });

  it('without a file there is one', async () => {
    const app = await start({ BATCH_DELAY: '0' });
    await app.client.submit([1], 'HIGH', { lane: 'default' });
    await app.request
      .post('/ingest')
      .send({ ids: [1], priority: 'LOW', lane: 'crm' })
      .expect(400);
    expect(Object.keys((await app.request.get('/queue')).body.lanes)).toEqual(['default']);
  });

  it('that cannot be used stop the start, with file, line and reason', () => {
    const path = lanesFile('lanes:\n  crm:\n    batch_size: none\n');
    const { exitCode, stderr } = failToStart({ DATA_DIR: newFolder(), LANES_FILE: path });
    expect(stderr).toMatch(new RegExp(`^sluice cannot start: ${path}:3: lane crm: batch_size must .*\n$`));
    expect(exitCode).toBe(78);
  });
});
