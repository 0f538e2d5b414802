import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { Response } from 'supertest';
import { writeKeys } from '../support/api-keys.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { usePostgres } from '../support/postgres-stores.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

function ingest({ request }: TestApp, ids: readonly number[], headers = {}): Promise<Response> {
  return Promise.resolve(request.post('/ingest').set(headers).send({ ids, priority: 'LOW' }));
}

function stream({ request }: TestApp, ids: readonly number[]): Promise<Response> {
  const sending = request.post('/ingest/stream?priority=LOW').set('Content-Type', 'text/plain');
  return Promise.resolve(sending.send(ids.join('\n')));
}

describe.each(['SQLite', 'PostgreSQL'])('Rate limits on %s', (store) => {
  const startApp = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();
  const newFolder = useTempFolders();

  const start = (variables: Record<string, string>, schema = postgres.emptySchema()): Promise<TestApp> =>
    startApp({
      ...(store === 'PostgreSQL' && { DATABASE_URL: postgres.url, DATABASE_SCHEMA: schema }),
      ...variables,
    });

  it('count requests of an address, tell what is left, and refuse in the one form of an error', async () => {
    const { request } = await start({ RATE_LIMIT_REQUESTS: '3', TRUST_PROXY: '1' });
    const from = (address: string) => request.get('/queue').set('X-Forwarded-For', address);
    const first = await from('192.0.2.1').expect(200);
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"default";q=3;w=60',
      ratelimit: '"default";r=2;t=20',
    });
    await from('192.0.2.1').expect(200);
    await from('192.0.2.1').expect(200);
    const { headers, body } = await from('192.0.2.1').expect(429);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(headers['ratelimit']).toMatch(/^"default";r=0;t=\d+$/);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(20);
    expect(body).toMatchObject({ status_code: 429, detail: 'over the limit of 3 requests a minute' });
    await from('192.0.2.2').expect(200);
    const { text } = await request.get('/metrics').expect(200);
    expect(text).toContain('\nsluice_rate_limit_refusals_total{limit="requests"} 1\n');
    expect(text).toContain('\nsluice_rate_limit_refusals_total{limit="ids"} 0\n');
    for (const path of ['/health', '/health/live', '/metrics', '/openapi.json', '/docs']) {
      const open = await request.get(path).set('X-Forwarded-For', '192.0.2.1');
      expect([open.status, open.headers['ratelimit']]).toEqual([200, undefined]);
    }
  });

  it('count each client for itself, wherever it asks from', async () => {
    const file = join(newFolder(), 'keys.yaml');
    const keys = await writeKeys(file, { alice: ['submit'], bob: ['submit'] });
    const app = await start({ API_KEYS_FILE: file, RATE_LIMIT_REQUESTS: '1', RATE_LIMIT_IDS: '5' });
    const alice = { 'X-API-Key': keys.alice };
    const { headers } = await ingest(app, [1, 2], alice);
    expect(headers['ratelimit-policy']).toBe('"default";q=1;w=60, "ids";q=5;w=60');
    expect(headers['ratelimit']).toBe('"default";r=0;t=60, "ids";r=3;t=24');
    expect((await ingest(app, [3], alice)).status).toBe(429);
    expect((await ingest(app, [3], { 'X-API-Key': keys.bob })).status).toBe(200);
  });

  it('count ids as they come; a list beyond the limit takes a full minute, and the next ones wait for it', async () => {
    const app = await start({ RATE_LIMIT_IDS: '10' });
    expect((await ingest(app, idRange(1, 4))).status).toBe(200);
    const over = await ingest(app, idRange(5, 7));
    expect([over.status, over.body.detail]).toEqual([429, 'over the limit of 10 ids a minute']);
    expect((await ingest(app, idRange(100, 20))).status).toBe(429);
    expect((await stream(app, idRange(100, 7))).status).toBe(429);
    expect((await stream(app, idRange(20, 6))).status).toBe(200);
    const { headers: refused } = await stream(app, [30]);
    expect(Number(refused['retry-after'])).toBeLessThanOrEqual(6);

    const fresh = await start({ RATE_LIMIT_IDS: '1000' });
    const long = await stream(fresh, idRange(1, 6000));
    expect([long.status, long.body.total]).toEqual([200, 6000]);
    const { status, headers } = await ingest(fresh, [1]);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(290);
  });

  it('are off by default, and cost no header', async () => {
    const { headers } = await ingest(await start({}), [1]);
    expect(headers['ratelimit']).toBeUndefined();
  });

  if (store === 'PostgreSQL') {
    it('are one for two replicas', async () => {
      const schema = postgres.emptySchema();
      const limits = { RATE_LIMIT_REQUESTS: '10', RATE_LIMIT_IDS: '4' };
      const replicas = [await start(limits, schema), await start(limits, schema)] as const;
      const answers = await Promise.all(
        idRange(1, 12).map((id) => ingest(replicas[id % 2 === 0 ? 0 : 1], [id])),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
      const details = answers.map(({ body }) => (body as { detail?: string }).detail);
      expect(details.filter((detail) => detail?.includes('ids'))).toHaveLength(6);
      expect(details.filter((detail) => detail?.includes('requests'))).toHaveLength(2);
    });
  }
});
