import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { request as sendRequest, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { writeKeys } from '../support/api-keys.js';
import { useApps, type TestApp } from '../support/app.js';
import { readOperations } from '../support/operations.js';
import { listen } from '../support/raw-http.js';
import { silent } from '../support/scripted-api.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

const UNKNOWN = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';
const FOREIGN = [
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
];

describe('Without keys,', () => {
  const start = useApps();
  const newFolder = useTempFolders();
  let started: TestApp;
  let port = 0;

  /** Unlike `fetch`, this sends any `Host`. */
  async function ask(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders = {},
    body = '',
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const request = sendRequest(
        { port, host: '127.0.0.1', method, path, headers, agent: false },
        (response) => {
          text(response).then((all) => {
            resolve({ status: response.statusCode ?? 0, text: all });
          }, reject);
        },
      );
      request.once('error', reject).end(body);
    });
  }

  async function use(variables: Readonly<Record<string, string>>): Promise<void> {
    started = await start({ BATCH_DELAY: '3600', ...variables }, silent());
    port = await listen(started.app);
  }

  beforeEach(async () => {
    await use({ ALLOWED_HOSTS: 'gate.example, proxy.example:8443' });
  });

  it('a foreign page changes nothing, by whatever request', async () => {
    const operations = await readOperations(`http://127.0.0.1:${String(port)}`);
    const changing = operations.filter(({ method }) => method !== 'GET');
    expect(changing.length).toBeGreaterThan(7);
    for (const headers of FOREIGN) {
      for (const { method, path, body } of changing) {
        const answer = await ask(
          method,
          path.replaceAll(/\{\w+\}/g, UNKNOWN),
          { ...headers, ...(body !== undefined && { 'content-type': body.type }) },
          body?.example,
        );
        expect([method, path, answer.status]).toEqual([method, path, 403]);
        expect(JSON.parse(answer.text)).toMatchObject({
          status_code: 403,
          detail: expect.stringContaining('CORS_ORIGINS'),
        });
      }
    }
    expect(started.api.calls).toEqual([]);
    expect((await started.request.get('/queue')).body).toMatchObject({ paused: false });
  });

  it('a foreign page starts no stream with text, and no action with a body that has no type', async () => {
    const [cross] = FOREIGN;
    const stream = { ...cross, 'content-type': 'text/plain' };
    expect(await ask('POST', '/ingest/stream?priority=HIGH', stream, '1\n2\n')).toMatchObject({
      status: 403,
    });
    const untyped = { ...cross, 'content-length': '1' };
    expect(await ask('POST', '/queue/pause', untyped, 'x')).toMatchObject({ status: 415 });
    expect((await started.request.get('/queue')).body).toMatchObject({ paused: false });
  });

  it('pages of this service act, also behind a proxy that ends TLS or changes Host', async () => {
    for (const headers of [
      {},
      { host: 'gate.example', origin: 'https://gate.example' },
      { host: 'gate.example', origin: 'https://gate.example', 'sec-fetch-site': 'same-origin' },
      { host: 'sluice:8000', origin: 'http://gate.example' },
      { host: 'sluice:8000', origin: 'https://proxy.example:8443' },
      { host: 'sluice:8000', origin: 'https://gate.example', 'sec-fetch-site': 'same-origin' },
    ]) {
      expect([headers, await ask('POST', '/queue/pause', headers)]).toMatchObject([headers, { status: 200 }]);
    }
    const otherPort = { host: 'sluice:8000', origin: 'https://proxy.example:9000' };
    expect(await ask('POST', '/queue/pause', otherPort)).toMatchObject({ status: 403 });
  });

  it('a page that CORS_ORIGINS names acts', async () => {
    await use({ CORS_ORIGINS: 'https://shop.example' });
    const headers = { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' };
    expect(await ask('POST', '/queue/pause', headers)).toMatchObject({ status: 200 });
  });

  it.each(['evil.example', `127.0.0.1.evil.example:8000`])(
    'a page that DNS rebinding points here as %s reads nothing, and is told which variable names hosts',
    async (host) => {
      const { paths } = JSON.parse((await ask('GET', '/openapi.json')).text) as { paths: object };
      for (const path of ['/', '/docs', '/redoc', '/openapi.json', '/nothing', ...Object.keys(paths)]) {
        if (!/^\/(health|metrics)/.test(path)) {
          const { status, text: body } = await ask('GET', path.replaceAll(/\{\w+\}/g, UNKNOWN), { host });
          expect([path, status, body]).toEqual([path, 403, expect.stringContaining('ALLOWED_HOSTS')]);
        }
      }
      const act = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
      expect(await ask('POST', '/queue/pause', act)).toMatchObject({ status: 403 });
    },
  );

  it('probes and scrapers are answered by any name', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics']) {
      expect([path, await ask('GET', path, { host: 'any.example' })]).toMatchObject([path, { status: 200 }]);
    }
  });

  it.each(['gate.example', 'gate.example:9000', 'sluice', 'localhost:8000', '127.0.0.1', '[::1]:8000'])(
    'the documents and the API answer as %s',
    async (host) => {
      for (const path of ['/docs', '/openapi.json', '/queue', '/whoami']) {
        expect([path, await ask('GET', path, { host })]).toMatchObject([path, { status: 200 }]);
      }
    },
  );

  it('keys open every host, because a foreign page has no key', async () => {
    const file = `${newFolder()}/keys.yaml`;
    const { operator } = await writeKeys(file, { operator: ['admin'] });
    await use({ API_KEYS_FILE: file });
    const headers = { host: 'any.example', authorization: `Bearer ${operator}` };
    expect(await ask('GET', '/queue', headers)).toMatchObject({ status: 200 });
    expect(await ask('POST', '/queue/pause', { ...headers, ...FOREIGN[0] })).toMatchObject({ status: 200 });
    expect(await ask('POST', '/queue/pause', { host: 'any.example', ...FOREIGN[0] })).toMatchObject({
      status: 401,
    });
  });
});
