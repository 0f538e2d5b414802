import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { upstreamCall } from '../../../test/support/upstream-call.js';
import { NO_RATE_LIMIT_NAMES } from './rate-limit-names.js';
import { ResponseParser } from './response-parser.js';
import type { UpstreamCallError, UpstreamCall } from '../external-api.js';
import { HttpExternalApi } from './http-external-api.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

const NEVER = new AbortController().signal;
const BATCH = '/process';
const EACH = '/items/{id}';

/** The events on the connections of an upstream. */
interface Upstream {
  readonly server: TcpServer | Server;
  readonly sockets: Set<Socket>;
  requests: number;
  /** Called when a request arrives; returns true if no response must follow. */
  onRequest: ((socket: Socket, idleMs: number) => boolean) | undefined;
  /** Sent before each response. */
  before: string;
  connections: number;
}

/** An upstream that keeps connections open and announces nothing, written without an HTTP server to see every byte. */
async function listen(): Promise<Upstream> {
  const upstream: Upstream = {
    server: createTcpServer(),
    sockets: new Set(),
    requests: 0,
    onRequest: undefined,
    before: '',
    connections: 0,
  };
  upstream.server.on('connection', (socket: Socket) => {
    upstream.connections += 1;
    upstream.sockets.add(socket);
    let answeredMs: number | null = null;
    socket.on('error', () => undefined);
    socket.on('close', () => upstream.sockets.delete(socket));
    socket.on('data', (bytes: Buffer) => {
      for (const head of bytes.toString().match(/(?:POST|GET) \S+ HTTP/g) ?? []) {
        upstream.requests += 1;
        const idleMs = answeredMs === null ? 0 : performance.now() - answeredMs;
        if (upstream.onRequest?.(socket, idleMs) === true) {
          return;
        }
        const body = head.startsWith('POST') ? '{"results":[{"id":1},{"id":2}]}' : '{}';
        socket.write(
          `${upstream.before}HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`,
        );
        answeredMs = performance.now();
      }
    });
  });
  upstream.server.listen(0, '127.0.0.1');
  await once(upstream.server, 'listening');
  return upstream;
}

describe.each([
  ['a dispatch at once', BATCH, 1],
  ['each id by itself', EACH, 2],
])('The connections to an upstream that is asked for %s', (_, path, requestsOfCall) => {
  const reader = new ResponseParser();
  afterAll(() => reader.onApplicationShutdown());
  const servers: (TcpServer | Server)[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
    }
  });

  function open({ server }: { readonly server: TcpServer | Server }): HttpExternalApi {
    servers.push(server);
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`;
    return new HttpExternalApi(
      {
        url,
        method: path === BATCH ? 'POST' : 'GET',
        headers: {},
        tokenFile: null,
        ca: null,
        maxResponseBytes: 1000,
        rateLimitNames: NO_RATE_LIMIT_NAMES,
      },
      reader,
      new SystemRuntime(),
    );
  }

  function newCall(hooks: Pick<UpstreamCall, 'beforeSend' | 'onSent'>): UpstreamCall {
    return upstreamCall({ dispatchId: crypto.randomUUID(), ids: [1n, 2n], ...hooks });
  }

  /** One call; how many of its ids succeeded. */
  async function call(
    api: HttpExternalApi,
    hooks: Pick<UpstreamCall, 'beforeSend' | 'onSent'> = {},
  ): Promise<number> {
    const answers = await api.process(newCall(hooks), NEVER);
    return answers.filter(({ ok }) => ok).length;
  }

  /** The `isUnsent` of a failed request: one for the whole, or one per id. */
  async function unsentOf(
    api: HttpExternalApi,
    hooks: Pick<UpstreamCall, 'beforeSend'> = {},
  ): Promise<(boolean | undefined)[]> {
    try {
      const answers = await api.process(newCall(hooks), NEVER);
      return answers.map((answer) => (answer.ok ? undefined : answer.isUnsent));
    } catch (error) {
      return [(error as UpstreamCallError).isUnsent];
    }
  }

  async function closeAll({ sockets }: Upstream): Promise<void> {
    const closed = [...sockets].map(async (socket) => once(socket, 'close'));
    sockets.forEach((socket) => socket.end());
    await Promise.all(closed);
  }

  it('are made anew where the upstream closes them while a call waits for its slot', async () => {
    const upstream = await listen();
    const api = open(upstream);
    const asked: number[] = [];
    const beforeSend = async (): Promise<void> => {
      asked.push(upstream.requests);
      await closeAll(upstream);
      await sleep(20);
    };
    expect(await call(api, { beforeSend })).toBe(2);
    expect(await call(api, { beforeSend })).toBe(2);

    expect(upstream.requests).toBe(2 * requestsOfCall);
    expect(asked).toEqual([0, requestsOfCall]);
  });

  it('carry nothing when they have been idle for long: every dispatch succeeds at the pace of their close', async () => {
    const upstream = await listen();
    upstream.onRequest = (socket, idleMs) => {
      const isClosing = idleMs > 150; // as if its close had crossed the request
      if (isClosing) {
        socket.resetAndDestroy();
      }
      return isClosing;
    };
    const api = open(upstream);
    const succeeded: number[] = [];
    for (let n = 0; n < 5; n++) {
      succeeded.push(await call(api));
      await sleep(160);
    }
    expect(succeeded).toEqual([2, 2, 2, 2, 2]);
    expect(upstream.requests).toBe(5 * requestsOfCall);
  });

  it('are used again where the upstream announces that it keeps them', async () => {
    let connections = 0;
    const server = createServer((_request, response) => response.end('{"results":[{"id":1},{"id":2}]}'));
    server.keepAliveTimeout = 5000;
    server.on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = open({ server });
    await call(api);
    await sleep(300);
    await call(api);

    expect(connections).toBe(requestsOfCall);
    server.closeAllConnections();
  });

  it('that break after the request was written fail the call, which is not sent again', async () => {
    const upstream = await listen();
    upstream.onRequest = (socket) => {
      socket.resetAndDestroy();
      return true;
    };
    expect(await unsentOf(open(upstream))).toEqual(path === BATCH ? [false] : [false, false]);
    expect(upstream.requests).toBe(requestsOfCall);
  });

  it('that are closed as soon as they are made fail the call after some tries', async () => {
    const upstream = await listen();
    upstream.server.on('connection', (socket: Socket) => socket.resetAndDestroy());
    const beforeSend = (): Promise<void> => sleep(20);
    const unsent = await unsentOf(open(upstream), { beforeSend });

    expect(unsent).toEqual(path === BATCH ? [true] : [true, true]);
    expect(upstream.requests).toBe(0);
    expect(upstream.connections).toBeLessThanOrEqual(5 * requestsOfCall);
  });

  it('that nobody takes fail the call, which was not sent', async () => {
    const upstream = await listen();
    const api = open(upstream);
    upstream.server.close();
    await once(upstream.server, 'close');

    expect(await unsentOf(api)).toEqual(path === BATCH ? [true] : [true, true]);
  });

  it('carry answers that a 100, 102 or 103 precedes, asked for or not', async () => {
    const upstream = await listen();
    upstream.before =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
    const api = open(upstream);

    expect([await call(api), await call(api)]).toEqual([2, 2]);
    expect(upstream.requests).toBe(2 * requestsOfCall);
    expect(upstream.connections).toBe(requestsOfCall);
  });

  it('are made ahead of a slot, and closed where nothing follows', async () => {
    const upstream = await listen();
    const api = open(upstream);
    api.prepare(100);
    await once(upstream.server, 'connection');
    expect(upstream.requests).toBe(0);
    expect(await call(api)).toBe(2);
    expect(upstream.connections).toBe(requestsOfCall);

    await closeAll(upstream);
    api.prepare(0);
    const [unused] = (await once(upstream.server, 'connection')) as [Socket];
    await once(unused, 'close');
    expect(upstream.requests).toBe(requestsOfCall);
  });
});
