import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { enforceReadProgress } from './slow-reader-guard.js';

/** More than the buffers of a connection hold. */
const RESPONSE = Buffer.alloc(30_000_000, 'x');
const IDLE_TIMEOUT_MS = 2000;

describe('A client that gets a long response', () => {
  let server: Server;
  let closedCount: number;

  beforeEach(async () => {
    closedCount = 0;
    server = createServer((request, response) => {
      response.end(request.url === '/long' ? RESPONSE : 'short');
    });
    enforceReadProgress(server, IDLE_TIMEOUT_MS, new SystemRuntime(), () => {
      closedCount += 1;
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function get(path: string): Promise<Socket> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined); // the server resets connections
    await once(socket, 'connect');
    socket.pause();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    return socket;
  }

  it('is disconnected when it does not read, and one that has nothing to read is not', async () => {
    const accepted: Socket[] = [];
    server.on('connection', (socket: Socket) => accepted.push(socket));
    await get('/long');
    const idle = await get('/short');
    const [stuck] = accepted;
    if (stuck === undefined) {
      throw new Error('no connection was accepted');
    }
    await once(stuck, 'close');
    expect(closedCount).toBe(1);
    await sleep(IDLE_TIMEOUT_MS);
    expect(accepted[1]?.destroyed).toBe(false);
    idle.destroy();
  });

  it('may take longer than the time limit as long as it goes on reading', async () => {
    const socket = await get('/long');
    let bytes = 0;
    const startMs = performance.now();
    while (performance.now() - startMs < 2 * IDLE_TIMEOUT_MS) {
      bytes += ((socket.read(65_536) ?? socket.read()) as Buffer | null)?.length ?? 0;
      await sleep(50);
    }
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > RESPONSE.length) {
        socket.destroy();
      }
    });
    socket.resume();
    await once(socket, 'close');
    expect(closedCount).toBe(0);
    expect(bytes).toBeGreaterThan(RESPONSE.length);
  });
});
