import { connect, type Socket } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { useApps } from '../support/app.js';
import { listen, sendRaw } from '../support/raw-http.js';

jest.setTimeout(60_000);

const GOOD = '{"ids":[1,2,3],"priority":"LOW"}';
const HEAD = 'POST /ingest HTTP/1.1\r\nHost: sluice\r\nContent-Type: application/json\r\n';
/** As many as the usual limit of open files allows, with both ends in this process. */
const IDLE_CONNECTIONS = 400;

describe('At the edge,', () => {
  const start = useApps();

  it('headers that do not come to an end are answered with 408', async () => {
    const { app, request } = await start({ REQUEST_HEADERS_TIMEOUT: '0.4' });
    const answer = await sendRaw(await listen(app), ['GET /health HTTP/1.1\r\nHost: sluice\r\nX-Slow: ']);
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*"status_code":408/s);
    await request.get('/health').expect(200);
  });

  it('a body that does not go on is answered with 408, and leaves nothing', async () => {
    const { app, api } = await start({ REQUEST_IDLE_TIMEOUT: '0.4' });
    const answer = await sendRaw(await listen(app), [`${HEAD}Content-Length: 1000\r\n\r\n`, GOOD]);
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*"status_code":408/s);
    expect(api.calls).toEqual([]);
  });

  it('a body that goes on may take longer than the time in which it must', async () => {
    const { app } = await start({ REQUEST_IDLE_TIMEOUT: '1' });
    const body = GOOD + ' '.repeat(8000);
    const socket = connect(await listen(app), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`${HEAD}Connection: close\r\nContent-Length: ${String(body.length)}\r\n\r\n`);
    for (let sent = 0; sent < body.length; sent += 400) {
      socket.write(body.slice(sent, sent + 400));
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('more connections than MAX_CONNECTIONS are closed at once; idle ones cost the others nothing', async () => {
    const { app } = await start({ MAX_CONNECTIONS: String(IDLE_CONNECTIONS) });
    const port = await listen(app);
    const sockets = await Promise.all(Array.from({ length: IDLE_CONNECTIONS }, () => open(port)));
    const further = await sendRaw(port, ['GET /health HTTP/1.1\r\nHost: sluice\r\n\r\n']);
    expect(further).toBe('');
    const [first] = sockets;
    const answered = new Promise<string>((resolve) => {
      first?.once('data', (data) => {
        resolve(data.toString());
      });
    });
    first?.write('GET /health HTTP/1.1\r\nHost: sluice\r\n\r\n');
    expect(await answered).toMatch(/^HTTP\/1\.1 200 /);
    sockets.forEach((socket) => socket.destroy());
  });

  it('requests sent without waiting are answered in their order', async () => {
    const { app } = await start();
    const gets = ['/health', '/nothing', '/queue'].map(
      (path) => `GET ${path} HTTP/1.1\r\nHost: sluice\r\n\r\n`,
    );
    const answer = await sendRaw(await listen(app), [
      gets.join('') + `${HEAD}Connection: close\r\nContent-Length: ${String(GOOD.length)}\r\n\r\n${GOOD}`,
    ]);
    expect([...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual([
      '200',
      '404',
      '200',
      '200',
    ]);
  });

  it.each([
    ['a folded header', `${HEAD}X-Folded: a\r\n b\r\nContent-Length: 32\r\n\r\n${GOOD}`],
    ['chunks before a length', `${HEAD}Transfer-Encoding: chunked\r\nContent-Length: 32\r\n\r\n0\r\n\r\n`],
    ['an encoding that is not chunked', `${HEAD}Transfer-Encoding: gzip\r\n\r\n${GOOD}`],
    ['a blank before the colon', `${HEAD}Content-Length : 32\r\n\r\n${GOOD}`],
    ['a length with a sign', `${HEAD}Content-Length: +32\r\n\r\n${GOOD}`],
    ['no host', `GET /health HTTP/1.1\r\n\r\n`],
  ])('%s is refused, and nothing is queued', async (_name, bytes) => {
    const { app, api, request } = await start();
    expect(await sendRaw(await listen(app), [bytes], false)).toMatch(/^HTTP\/1\.1 400 /);
    expect(api.calls).toEqual([]);
    await request.get('/health').expect(200);
  });

  it('data may do nothing in a browser, pages only what comes from here; no version is told', async () => {
    const { request } = await start();
    for (const path of ['/health', '/queue', '/nothing', '/openapi.json']) {
      const { headers } = await request.get(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-powered-by']));
    }
    for (const path of ['/docs', '/redoc', '/docs/pages/docs.js']) {
      const { headers } = await request.get(path);
      expect(headers['content-security-policy']).toMatch(/script-src 'self';/);
    }
  });

  it('pages of other origins read nothing unless their origin is named', async () => {
    const origin = 'https://app.example';
    const preflight = {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key,x-callback-url',
    };
    const closed = (await start()).request;
    expect((await closed.get('/queue').set('Origin', origin)).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
    await closed.options('/ingest').set(preflight).expect(405);
    const open = (await start({ CORS_ORIGINS: origin })).request;
    const allowed = await open.options('/ingest').set(preflight).expect(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': preflight['Access-Control-Request-Headers'],
    });
    expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
    const other = await open.get('/queue').set('Origin', 'https://other.example');
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
