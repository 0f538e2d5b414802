import { once } from 'node:events';
import { createServer as createProxy, type Server } from 'node:http';
import { createServer, type Server as HttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Authority } from '../../../test/support/certificates.js';
import { CALL, failureOf, MAX_BYTES, NEVER } from '../../../test/support/http-upstream.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { HttpExternalApi } from './http-external-api.js';
import { STANDARD_RATE_LIMIT_NAMES } from './rate-limit-names.js';
import { ResponseParser } from './response-parser.js';

const HOST = 'api.vendor.test';
const BASIC = `Basic ${Buffer.from('ada:p@ss').toString('base64')}`;

describe('An upstream behind an HTTP proxy', () => {
  const authority = new Authority();
  const parser = new ResponseParser();
  let upstream: HttpsServer;
  let proxy: Server;
  /** The target and the credentials of each tunnel that was asked for. */
  let asked: [string | undefined, string | undefined][];
  /** The answer of the proxy to CONNECT; null if it closes the connection. */
  let answer: string | null;
  let requests: number;

  beforeEach(async () => {
    [asked, answer, requests] = [[], 'HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n', 0];
    upstream = createServer(authority.identityOf(HOST), (_request, response) => {
      requests += 1;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"results":[{"id":1},{"id":2}]}');
    });
    proxy = createProxy();
    proxy.on('connect', (request, socket: Socket) => {
      asked.push([request.url, request.headers['proxy-authorization']]);
      if (answer?.includes(' 200 ') !== true) {
        socket.end(answer ?? '');
        return;
      }
      const target = connect((upstream.address() as AddressInfo).port, '127.0.0.1');
      for (const byte of answer) {
        socket.write(byte); // in pieces, as a slow network may deliver it
      }
      socket.pipe(target).pipe(socket);
      socket.on('error', () => target.destroy());
      target.on('error', () => socket.destroy());
    });
    for (const server of [upstream, proxy]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
  });
  afterEach(() => {
    upstream.closeAllConnections();
    upstream.close();
    proxy.closeAllConnections();
    proxy.close();
  });

  function open(credentials = ''): HttpExternalApi {
    const port = String((proxy.address() as AddressInfo).port);
    return new HttpExternalApi(
      {
        url: `https://${HOST}/process`,
        method: 'POST',
        headers: {},
        tokenFile: null,
        ca: authority.cert,
        maxResponseBytes: MAX_BYTES,
        rateLimitNames: STANDARD_RATE_LIMIT_NAMES,
        proxy: `http://${credentials}127.0.0.1:${port}`,
      },
      parser,
      new SystemRuntime(),
    );
  }

  it('is reached through a tunnel, whose connection is used again', async () => {
    const api = open();

    expect(await api.process(CALL, NEVER)).toHaveLength(2);
    expect(await api.process(CALL, NEVER)).toHaveLength(2);
    expect([requests, asked]).toEqual([2, [[`${HOST}:443`, undefined]]]);
  });

  it('is reached with the user and password of the proxy', async () => {
    expect(await open('ada:p%40ss@').process(CALL, NEVER)).toHaveLength(2);
    expect(asked).toEqual([[`${HOST}:443`, BASIC]]);
  });

  it.each([
    ['refuses', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'the proxy answered 407 to CONNECT'],
    ['speaks no HTTP', 'SSH-2.0\r\n\r\n', 'the proxy answered no HTTP to CONNECT'],
    ['closes the connection', null, 'the proxy closed the connection'],
  ])('is not called if the proxy %s: the ids lose no attempt', async (_what, refusal, message) => {
    answer = refusal;

    const failure = await failureOf(open('ada:p%40ss@').process(CALL, NEVER));
    expect(failure).toMatchObject({ kind: 'network', isUnsent: true });
    expect(failure.message).toContain(message);
    expect(failure.message).not.toContain('p@ss');
    expect(requests).toBe(0);
  });
});
