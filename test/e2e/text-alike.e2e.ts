import { describe, expect, it, jest } from '@jest/globals';
import { useApps } from '../support/app.js';
import { ServedDocument } from '../support/fuzz/document.js';
import { usePostgres } from '../support/postgres-stores.js';
import { listen, sendRaw } from '../support/raw-http.js';
import { isSelected, type StoreName } from '../support/selected-stores.js';
import { silent } from '../support/scripted-api.js';

jest.setTimeout(60_000);

const UNKNOWN = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';
const NOT_STORABLE = 'must not contain NUL or half of a surrogate pair';
const STORES: readonly StoreName[] = (['sqlite', 'postgresql'] as const).filter(isSelected);

describe.each(STORES)('Text that no store holds, on %s,', (store) => {
  const startApp = useApps();
  const postgres = store === 'postgresql' ? usePostgres() : undefined;

  function start(): ReturnType<typeof startApp> {
    const database = postgres && { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() };
    const webhooks = { WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}` };
    return startApp({ BATCH_DELAY: '3600', CALLBACK_ALLOW: '127.0.0.1', ...webhooks, ...database }, silent());
  }

  it('is answered with 400 in every parameter of every operation', async () => {
    const { request } = await start();
    const { operations } = new ServedDocument((await request.get('/openapi.json')).text);
    const asked = operations.flatMap(({ method, path, parameters }) =>
      parameters
        .filter((parameter) => parameter.in === 'query')
        .map(({ name }) => ({ method, path: path.replaceAll(/\{\w+\}/g, UNKNOWN), name })),
    );
    expect(asked.length).toBeGreaterThan(25);
    for (const { method, path, name } of asked) {
      const call = request[method.toLowerCase() as 'get' | 'post'](`${path}?${name}=a%00b`);
      const { status, body } = await (path === '/ingest' ? call.send({ ids: [1], priority: 'LOW' }) : call);
      expect([method, path, name, status, body.status_code]).toEqual([method, path, name, 400, 400]);
      expect([path, body.errors]).toEqual([
        path,
        expect.arrayContaining([expect.objectContaining({ field: name })]),
      ]);
    }
  });

  it('is named as such where any other text is taken', async () => {
    const { request } = await start();
    for (const parameter of [
      '/dispatches?lane',
      '/ingestions?client',
      '/ingestions?lane',
      '/dispatches?ingestion_id',
    ]) {
      const { body } = await request.get(`${parameter}=%00`).expect(400);
      expect(body.detail).toBe(`${String(parameter.split('?')[1])} ${NOT_STORABLE}`);
    }
  });

  it.each([String.raw`\u0000`, String.raw`\ud800`, String.raw`\udc00\ud800`])(
    'is answered with 400 in a body, as %s',
    async (escape) => {
      const { request } = await start();
      const send = (body: string): ReturnType<typeof request.post> =>
        request.post('/ingest').set('Content-Type', 'application/json').send(body);
      const callback = await send(
        `{"ids":[1],"priority":"LOW","callback_url":"http://127.0.0.1/a${escape}"}`,
      ).expect(400);
      expect(callback.body.detail).toBe(`callback_url ${NOT_STORABLE}`);
      await send(`{"ids":[1],"priority":"LOW","lane":"default${escape}"}`).expect(400);
      await send(`{"ids":[1],"priority":"LOW${escape}"}`).expect(400);
      expect((await request.get('/ingestions')).body).toMatchObject({ ingestions: [] });
    },
  );

  it.each(['Idempotency-Key', 'X-Callback-Url', 'X-Request-Id'])(
    'is answered with 400 in the header %s',
    async (name) => {
      const { app, request } = await start();
      const body = '{"ids":[1],"priority":"LOW"}';
      const answer = await sendRaw(await listen(app), [
        `POST /ingest HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n${name}: a\0b\r\n` +
          `Content-Length: ${String(body.length)}\r\n\r\n${body}`,
      ]);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect((await request.get('/ingestions')).body).toMatchObject({ ingestions: [] });
    },
  );
});
