import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { waitFor } from '../support/wait-for.js';
import { idRange } from '../support/lists.js';

jest.setTimeout(60_000);

const DISPATCHES = 6;
const IDS = idRange(1, 3 * DISPATCHES);

describe('The built service, whose ids have one attempt each,', () => {
  const start = useBuiltService();
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** Starts an upstream that closes idle connections after `keepAliveMs`, announced or not. */
  function newUpstream(keepAliveMs: number, isAnnounced: boolean): { server: Server; urls: string[] } {
    const urls: string[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        urls.push(`${request.method ?? ''} ${request.url ?? ''}`);
        if (!isAnnounced) {
          response.setHeader('Connection', 'keep-alive'); // Node.js then omits `Keep-Alive`
        }
        response.setHeader('Content-Type', 'application/json');
        response.end(body === '' ? '{}' : body.replace('"ids"', '"results"').replace(/\d+/g, '{"id":$&}'));
      });
    });
    server.keepAliveTimeout = keepAliveMs;
    server.keepAliveTimeoutBuffer = 0;
    servers.push(server);
    return { server, urls };
  }

  async function listen(server: Server, port = 0): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  it.each([
    ['POST', 'which are 1 s, announced', '/process', 1000, true, DISPATCHES],
    ['POST', 'which are not announced', '/process', 500, false, DISPATCHES],
    ['GET', 'which are 1 s, announced', '/items/{id}', 1000, true, IDS.length],
    ['GET', 'which are not announced', '/items/{id}', 500, false, IDS.length],
  ])(
    'loses no %s to an upstream that closes its connections at the pace of the dispatches, %s',
    async (_, __, path, keepAliveMs, isAnnounced, requests) => {
      const { server, urls } = newUpstream(keepAliveMs, isAnnounced);
      const service = await start({
        EXTERNAL_API_URL: `http://127.0.0.1:${String(await listen(server))}${path}`,
        BATCH_DELAY: String(keepAliveMs / 1000),
        MAX_ATTEMPTS: '1',
      });
      const client = new TestClient(service.url);

      const id = await client.submit(IDS);
      expect(await client.waitForStatus(id, 'completed', 'failed')).toMatchObject({ status: 'completed' });
      expect(urls).toHaveLength(requests);
    },
  );

  it('waits for an upstream that cannot be connected to: its breaker opens, and no id loses its attempt', async () => {
    const { server, urls } = newUpstream(500, false);
    const port = await listen(server);
    server.close();
    const service = await start({
      EXTERNAL_API_URL: `http://127.0.0.1:${String(port)}/process`,
      BATCH_DELAY: '0.05',
      MAX_ATTEMPTS: '1',
      BREAKER_THRESHOLD: '3',
      BREAKER_COOLDOWN: '1',
    });
    const client = new TestClient(service.url);
    const id = await client.submit(IDS);
    await client.waitFor<{ breaker: string }>('/health', ({ breaker }) => breaker === 'open');
    expect(await client.get(`/status/${id}`)).toMatchObject({ progress: { failed: 0, completed: 0 } });
    await waitFor('the outcome in the log', () =>
      service.printed.includes('ended: 0 completed, 3 to retry, 0 failed: the call failed: ECONNREFUSED'),
    );
    await listen(server, port);

    expect(await client.waitForStatus(id, 'completed', 'failed')).toMatchObject({ status: 'completed' });
    expect(urls).toHaveLength(DISPATCHES);
  });
});
