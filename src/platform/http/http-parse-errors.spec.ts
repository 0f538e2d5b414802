import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Timer } from '../../domain/runtime.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { RequestIds } from '../telemetry/request-context.js';
import { handleHttpParseErrors, MAX_LINGER_MS } from './http-parse-errors.js';

/** Calls timers back when the test says so. */
class HeldTimers extends SystemRuntime {
  readonly held: { readonly callback: () => void; readonly delayMs: number }[] = [];

  override setTimeout(callback: () => void, delayMs: number): Timer {
    this.held.push({ callback, delayMs });
    return super.setTimeout(() => undefined, delayMs);
  }
}

const POST = 'POST / HTTP/1.1\r\nHost: a\r\n';

describe('A client that leaves its side open after its connection is ended', () => {
  let server: Server;
  let runtime: HeldTimers;
  let client: Socket;
  let accepted: Socket;

  beforeEach(async () => {
    runtime = new HeldTimers();
    server = createServer((request) => request.resume());
    handleHttpParseErrors(server, new RequestIds(runtime), runtime);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection');
    client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    [accepted] = (await connected) as [Socket];
  });
  afterEach(() => {
    client.destroy();
    server.close();
  });

  it.each([
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', '501'],
    ['a broken body', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, '400'],
  ])('is disconnected in the end: %s', async (_name, bytes, status) => {
    client.write(bytes);
    expect(await text(client)).toContain(`HTTP/1.1 ${status} `);
    expect(runtime.held.map(({ delayMs }) => delayMs)).toEqual([MAX_LINGER_MS]);
    expect(accepted.destroyed).toBe(false);
    runtime.held.forEach(({ callback }) => {
      callback();
    });
    expect(accepted.destroyed).toBe(true);
  });
});
