import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { useHttpUpstream } from '../support/http-upstream.js';
import { idRange } from '../support/lists.js';
import { usePostgres } from '../support/postgres-stores.js';
import { isSelected } from '../support/selected-stores.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

describe('A lane made over the API', () => {
  const start = useApps();
  const newFolder = useTempFolders();
  const upstream = useHttpUpstream('');

  function answerAll(): void {
    upstream.respond = (response) => {
      response.writeHead(204).end();
    };
  }

  it('takes lists at its own pace, shows who made it, and survives a restart', async () => {
    const app = await start({ BATCH_DELAY: '3600' });
    const { body } = await app.request
      .put('/lanes/crm')
      .set('If-None-Match', '*')
      .send({ batch_delay: 0, batch_size: 5 })
      .expect(201);
    expect(body).toMatchObject({
      lane: 'crm',
      state: 'active',
      made_by: 'api',
      settings: {
        batch_size: { value: 5, source: 'api', base: { value: 3 } },
        batch_delay: { value: 0, source: 'api', base: { value: 3600, source: 'environment' } },
      },
    });
    const id = await app.client.submit(idRange(1, 20), 'LOW', { lane: 'crm' });
    await app.client.waitForStatus(id, 'completed');
    expect(app.api.calls.map(({ ids }) => ids.length)).toEqual([5, 5, 5, 5]);
    expect((await app.request.get('/whoami')).body.lanes).toEqual(['default', 'crm']);
    expect((await app.request.get('/queue')).body.lanes).toHaveProperty('crm');
    expect((await app.request.get('/metrics')).text).toContain('sluice_batch_size_ids{lane="crm"} 5');
    await app.request.get('/queue/next?lane=crm').expect(200);
    const { entries } = (await app.request.get('/audit')).body;
    expect(entries).toMatchObject([
      { action: 'create_lane', lane: 'crm', to: { batch_delay: 0, batch_size: 5 } },
    ]);

    await app.app.close();
    const again = await start({ DATA_DIR: app.dataDir });
    expect((await again.request.get('/lanes')).body.lanes).toMatchObject([
      { lane: 'default', made_by: 'environment', state: 'active' },
      { lane: 'crm', made_by: 'api', settings: { batch_size: { value: 5 } } },
    ]);
    const next = await again.client.submit([21], 'LOW', { lane: 'crm' });
    await again.client.waitForStatus(next, 'completed');
  });

  it('sends to its own URL with the token of a file, and to another URL after a change', async () => {
    answerAll();
    const folder = newFolder();
    writeFileSync(join(folder, 'crm'), 'secret-of-crm\n');
    const app = await start({ LANE_URL_ALLOW: '127.0.0.1', LANE_TOKEN_DIR: folder });
    const settings = {
      url: upstream.urlOf('/a/{id}'),
      token_file: 'crm',
      headers: { 'X-Shop': 'north' },
      batch_delay: 0,
    };
    const { body } = await app.request.put('/lanes/crm').send(settings).expect(201);
    expect(body.settings).toMatchObject({
      url: { value: upstream.urlOf('/a/{id}'), source: 'api' },
      headers: { value: { 'X-Shop': 'north' } },
      token_file: { value: 'crm' },
    });
    await app.client.waitForStatus(await app.client.submit([1], 'LOW', { lane: 'crm' }), 'completed');
    await app.request
      .patch('/lanes/crm')
      .send({ url: upstream.urlOf('/b/{id}') })
      .expect(200);
    await app.client.waitForStatus(await app.client.submit([2], 'LOW', { lane: 'crm' }), 'completed');

    expect(upstream.received).toMatchObject([
      { url: '/a/1', headers: { authorization: 'Bearer secret-of-crm', 'x-shop': 'north' } },
      { url: '/b/2' },
    ]);
    expect(app.api.calls).toHaveLength(0);
    expect((await app.request.get('/audit')).text).not.toContain('secret-of-crm');
  });

  it('takes a token file only where a directory is configured', async () => {
    const app = await start({});
    const settings = { url: 'https://example.com/x', token_file: 'crm' };
    const { body } = await app.request.put('/lanes/crm').send(settings).expect(422);
    expect(body.detail).toMatch(/LANE_TOKEN_DIR names no directory/);
  });

  it('has a name that no other has, and that a lane can have', async () => {
    const app = await start({});
    await app.request.put('/lanes/crm').send({}).expect(201);
    await app.request.put('/lanes/crm').set('If-None-Match', '*').send({}).expect(412);
    await app.request.put('/lanes/crm').send({ batch_size: 9 }).expect(200);
    await app.request.put('/lanes/Crm').send({}).expect(422);
    await app.request.put('/lanes/new').set('If-Match', '"3"').send({}).expect(404);
  });

  it('gives way to a lane of that name in the lanes file, and comes back without it', async () => {
    const app = await start({});
    await app.request
      .put('/lanes/crm')
      .send({ url: 'https://made.example.com/x', max_attempts: 7 })
      .expect(201);
    await app.app.close();
    const file = join(newFolder(), 'lanes.yaml');
    writeFileSync(file, 'lanes:\n  crm:\n    batch_size: 8\n');
    const withFile = await start({ DATA_DIR: app.dataDir, LANES_FILE: file });
    const { body } = await withFile.request.get('/lanes/crm').expect(200);
    expect(body).toMatchObject({
      made_by: 'file',
      settings: {
        batch_size: { value: 8, source: 'file' },
        max_attempts: { value: 7, source: 'api' },
        url: { value: null, source: 'default' },
      },
    });
    await withFile.request.delete('/lanes/crm').expect(409);
    await withFile.app.close();
    const again = await start({ DATA_DIR: app.dataDir });
    expect((await again.request.get('/lanes/crm').expect(200)).body).toMatchObject({
      made_by: 'api',
      settings: { url: { value: 'https://made.example.com/x' }, batch_size: { value: 3 } },
    });
  });
});

describe('A lane that cannot be made', () => {
  const start = useApps(afterAll); // none of these tests leaves anything behind
  const newFolder = useTempFolders();
  let request: TestApp['request'];
  beforeAll(async () => {
    const folder = newFolder();
    const tokens = join(folder, 'tokens');
    mkdirSync(tokens);
    writeFileSync(join(folder, 'outside'), 'secret');
    symlinkSync(join(folder, 'outside'), join(tokens, 'link'));
    ({ request } = await start({ LANE_TOKEN_DIR: tokens }));
  });

  it.each([
    ['an address inside the network', { url: 'http://169.254.169.254/latest' }, /not public/],
    ['an address of this machine', { url: 'http://[::1]/x' }, /not public/],
    ['the name of this machine', { url: 'http://localhost:8000/ingest' }, /not public/],
    ['a password', { url: 'https://user:pass@example.com/x' }, /may hold a secret/],
    ['a key in the query', { url: 'https://example.com/x?api_key=1' }, /may hold a secret/],
    ['a secret header', { url: 'https://example.com/x', headers: { 'X-Api-Key': 'k' } }, /may hold a secret/],
    [
      'a bearer header',
      { url: 'https://example.com/x', headers: { Tenant: 'Bearer k' } },
      /may hold a secret/,
    ],
    ['a token without its URL', { token_file: 'crm' }, /token_file needs url/],
    [
      'a file above the directory',
      { url: 'https://example.com/x', token_file: '../outside' },
      /must name a file in/,
    ],
    [
      'a file elsewhere',
      { url: 'https://example.com/x', token_file: '/etc/hostname' },
      /must name a file in/,
    ],
    [
      'a link out of the directory',
      { url: 'https://example.com/x', token_file: 'link' },
      /must name a file in/,
    ],
    ['the directory itself', { url: 'https://example.com/x', token_file: '.' }, /must name a file in/],
    ['a mapping', { request: '{}' }, /request cannot be changed over the API/],
    ['a method without a body', { url: 'https://example.com/x', method: 'GET' }, /carries no list of ids/],
  ])('is refused with %s, and nothing is made', async (_, settings, detail) => {
    const { body } = await request.put('/lanes/crm').send(settings).expect(422);

    expect(body.detail).toMatch(detail);
    await request.get('/lanes/crm').expect(404);
  });
});

describe('A lane that is retired', () => {
  const start = useApps();

  async function startWithList(): Promise<[TestApp, string]> {
    const app = await start({});
    await app.request.put('/lanes/crm').send({ batch_delay: 0.5, batch_size: 1 }).expect(201);
    return [app, await app.client.submit(idRange(1, 4), 'LOW', { lane: 'crm' })];
  }

  async function untilGone({ request }: TestApp): Promise<void> {
    await waitFor(
      'the lane to be gone',
      () => request.get('/lanes/crm'),
      ({ status }) => status === 404,
    );
  }

  it('stays where ids wait, unless it is said what becomes of them', async () => {
    const [app] = await startWithList();
    const { body } = await app.request.delete('/lanes/crm').expect(409);
    expect(body.detail).toBe('ids are pending in lane crm: retire it with pending=cancel or pending=drain');
    await app.request.delete('/lanes/crm?pending=all').expect(400);
    await app.request.delete('/lanes/default').expect(409);
    await app.request.delete('/lanes/none').expect(404);
    expect((await app.request.get('/lanes/crm')).body.state).toBe('active');
  });

  it('sends what waits first, takes no new list meanwhile, and can be made anew', async () => {
    const [app, id] = await startWithList();
    const { body } = await app.request.delete('/lanes/crm?pending=drain').expect(202);
    expect(body).toMatchObject({ state: 'retiring' });
    await app.request
      .post('/ingest')
      .send({ ids: [9], priority: 'LOW', lane: 'crm' })
      .expect(400);
    await untilGone(app);
    expect((await app.client.status(id)).status).toBe('completed');
    expect((await app.request.get('/whoami')).body.lanes).toEqual(['default']);
    expect((await app.request.get('/audit')).body.entries[0]).toMatchObject({
      action: 'retire_lane',
      to: { pending: 'drain' },
    });

    const remade = await app.request.put('/lanes/crm').send({ batch_size: 4, batch_delay: 0 }).expect(201);
    expect(remade.body.settings).toMatchObject({ batch_size: { value: 4 } });
    const next = await app.client.submit(idRange(5, 8), 'LOW', { lane: 'crm' });
    await app.client.waitForStatus(next, 'completed');
    expect(app.api.calls.at(-1)?.ids).toHaveLength(4);
  });

  it('can be sent faster meanwhile, but not made again before it is gone', async () => {
    const app = await start({});
    await app.request.put('/lanes/crm').send({ batch_delay: 3600, batch_size: 1 }).expect(201);
    const id = await app.client.submit(idRange(1, 3), 'LOW', { lane: 'crm' });
    await app.request.delete('/lanes/crm?pending=drain').expect(202);
    const refusal = {
      code: 'conflict',
      detail: 'lane crm is being retired: make it again once it is gone, or change its settings with PATCH',
    };
    for (const header of [{}, { 'If-None-Match': '*' }, { 'If-Match': '"2"' }]) {
      const { body } = await app.request.put('/lanes/crm').set(header).send({ batch_size: 3 }).expect(409);
      expect(body).toMatchObject(refusal);
    }
    const inside = { url: 'http://169.254.169.254/latest' };
    expect((await app.request.patch('/lanes/crm').send(inside).expect(422)).body.param).toBe('url');
    const { body } = await app.request.patch('/lanes/crm').send({ batch_delay: 0 }).expect(200);
    expect(body).toMatchObject({ state: 'retiring', version: 3, settings: { batch_delay: { value: 0 } } });
    await app.request.delete('/lanes/crm/settings/batch_size').expect(200);
    await untilGone(app);
    expect((await app.client.status(id)).status).toBe('completed');
  });

  it('cancels what waits where that is wanted', async () => {
    const [app, id] = await startWithList();
    const later = await app.client.submit([9], 'LOW', { lane: 'crm', not_before: 3600 });
    await app.request.delete('/lanes/crm?pending=cancel').expect(202);
    await untilGone(app);
    expect(['cancelled', 'completed']).toContain((await app.client.status(id)).status);
    expect((await app.client.status(later)).status).toBe('cancelled');
    expect(app.api.calls.length).toBeLessThan(4);
  });
});

(isSelected('postgresql') ? describe : describe.skip)('A lane made over the API with two replicas', () => {
  const start = useApps();
  const postgres = usePostgres();

  it('is made and retired on both, also one that starts later', async () => {
    const both = { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() };
    const [one, two] = [await start(both), await start(both)];
    await one.request.put('/lanes/crm').send({ batch_delay: 0, batch_size: 2 }).expect(201);
    await waitFor(
      'the other replica to have the lane',
      () => two.request.get('/lanes/crm'),
      ({ status }) => status === 200,
    );
    const id = await two.client.submit(idRange(1, 9), 'LOW', { lane: 'crm' });
    await two.client.waitForStatus(id, 'completed');
    const three = await start(both);
    const later = await three.client.submit([10], 'LOW', { lane: 'crm' });
    await three.client.waitForStatus(later, 'completed');

    await two.request.delete('/lanes/crm').expect(202);
    for (const { request } of [one, two, three]) {
      await waitFor(
        'the lane to be gone',
        () => request.get('/lanes/crm'),
        ({ status }) => status === 404,
      );
    }
  });
});
