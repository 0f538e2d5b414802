import { describe, expect, it } from '@jest/globals';
import { useApps } from '../support/app.js';
import { listen, sendRaw } from '../support/raw-http.js';

const BODY = '{"ids":[1,2,3],"priority":"LOW"}';
const POST = `POST /ingest HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${String(BODY.length)}\r\n`;
const TWO_HOSTS = 'Host: sluice\r\nHost: other\r\n';

describe('A request whose head is ambiguous or not HTTP/1', () => {
  const start = useApps();

  it.each([
    ['two Host headers', `${POST}${TWO_HOSTS}\r\n${BODY}`, '400 Bad Request'],
    ['two equal Host headers', `GET /health HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n`, '400 Bad Request'],
    ['two Host headers in HTTP/1.0', `GET /health HTTP/1.0\r\n${TWO_HOSTS}\r\n`, '400 Bad Request'],
    ['no Host', `${POST}\r\n${BODY}`, '400 Bad Request'],
    ['an unknown Expect', `${POST}Host: a\r\nExpect: 200-ok\r\n\r\n${BODY}`, '417 Expectation Failed'],
    ['CONNECT', 'CONNECT sluice:443 HTTP/1.1\r\nHost: sluice:443\r\n\r\n', '501 Not Implemented'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '505 HTTP Version Not Supported'],
    ['HTTP/2.0', 'GET /health HTTP/2.0\r\nHost: a\r\n\r\n', '505 HTTP Version Not Supported'],
    ['HTTP/1.2', 'GET /health HTTP/1.2\r\nHost: a\r\n\r\n', '505 HTTP Version Not Supported'],
    ['HTTP/0.9', 'GET /health HTTP/0.9\r\nHost: a\r\n\r\n', '505 HTTP Version Not Supported'],
    ['no version', 'GET /health\r\n\r\n', '505 HTTP Version Not Supported'],
  ])('is refused with problem details, and its connection ends: %s', async (_name, bytes, status) => {
    const { app, api, request } = await start();
    const answer = await sendRaw(await listen(app), [bytes]);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
    expect(head).toMatch(/^Content-Type: application\/problem\+json/im);
    expect(head).toMatch(/^Connection: close/im);
    const code = Number(status.slice(0, 3));
    expect(JSON.parse(body)).toMatchObject({ status: code, status_code: code, title: status.slice(4) });
    expect(api.calls).toEqual([]);
    await request.get('/health').expect(200);
  });

  it.each([
    ['one Host', 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['no Host in HTTP/1.0', 'GET /health HTTP/1.0\r\n\r\n'],
    ['an Expect in HTTP/1.0, which ignores it', 'GET /health HTTP/1.0\r\nExpect: x\r\n\r\n'],
    ['Expect: 100-continue', `${POST}Host: a\r\nConnection: close\r\nExpect: 100-Continue\r\n\r\n${BODY}`],
  ])('is told apart from a good one: %s', async (_name, bytes) => {
    const { app } = await start();
    expect(await sendRaw(await listen(app), [bytes])).toMatch(
      /^(HTTP\/1\.1 100 Continue\r\n\r\n)?HTTP\/1\.1 200 OK/,
    );
  });
});
