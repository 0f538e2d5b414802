import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { Configuration } from '../../src/platform/config/configuration.js';
import { DnsLookup } from '../../src/platform/dns/dns-lookup.js';
import { FastExpressAdapter } from '../../src/platform/http/fast-express.adapter.js';
import { NameServer } from '../support/name-server.js';
import { useTempFolders } from '../support/temp-folder.js';
import { writeKeys } from '../support/api-keys.js';
import { waitFor } from '../support/wait-for.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';

jest.setTimeout(60_000);

/** A time limit so long that no lookup or delivery of the first client ends during a test. */
const ENDLESS_S = '300';

describe('Receivers of one client', () => {
  const newFolder = useTempFolders();
  const servers: Server[] = [];
  let names: NameServer;
  let dns: DnsLookup;
  let app: NestExpressApplication;
  let told: string[];
  let hanging: number;
  let port: number;
  let keys: Record<'a' | 'b', string>;

  beforeEach(async () => {
    told = [];
    hanging = 0;
    names = await NameServer.open({
      '*.silent.test': 'silent',
      '*.hangs.test': ['127.0.0.1'],
      'upstream.test': ['127.0.0.1'],
      'hooks.test': ['127.0.0.1'],
    });
    dns = new DnsLookup(new SystemRuntime(), {
      servers: [names.address],
      searchList: { domains: [], ndots: 1 },
      lookupTimeoutMs: Number(ENDLESS_S) * 1000,
    });
    port = await listen();
    const keysFile = join(newFolder(), 'keys.yaml');
    keys = await writeKeys(keysFile, { a: ['submit', 'read'], b: ['submit', 'read'] });
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Configuration)
      .useValue(
        Configuration.read({
          SHUTDOWN_GRACE: '0',
          DATA_DIR: newFolder(),
          BATCH_DELAY: '0',
          EXTERNAL_API_URL: `http://upstream.test:${String(port)}/process`,
          API_KEYS_FILE: keysFile,
          WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
          WEBHOOK_TIMEOUT: ENDLESS_S,
          CALLBACK_ALLOW: '127.0.0.1',
        }),
      )
      .overrideProvider(DnsLookup)
      .useValue(dns)
      .compile();
    app = module.createNestApplication<NestExpressApplication>(new FastExpressAdapter(), {
      bodyParser: false,
      logger: false,
    });
    await app.init();
  });
  afterEach(async () => {
    await app.close();
    await names.close();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  /**
   * Starts the upstream and all receivers, by path. Connections close after each response, so that each
   * dispatch looks up its name.
   */
  async function listen(): Promise<number> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        if (request.url === '/process') {
          const { ids } = JSON.parse(body) as { ids: number[] };
          const results = ids.map((id) => ({ id, status: 'completed', data: 'done' }));
          response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
          response.end(JSON.stringify({ results }));
        } else if (request.url === '/told') {
          told.push(body);
          response.writeHead(204).end();
        } else {
          hanging += 1; // and never answers
        }
      });
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function submit(client: 'a' | 'b', ids: number[], callbackUrl: string): Promise<string> {
    const { body } = await supertest(app.getHttpServer())
      .post('/ingest')
      .set('Authorization', `Bearer ${keys[client]}`)
      .send({ ids, priority: client === 'a' ? 'LOW' : 'HIGH', callback_url: callbackUrl })
      .expect(200);
    return String(body.ingestion_id);
  }

  /** Submits a list of the other client; waits until it has completed and its receiver was notified. */
  async function serveOther(): Promise<void> {
    const id = await submit('b', [901, 902, 903], `http://hooks.test:${String(port)}/told`);
    await waitFor('the receiver to be told', () => told.length > 0);
    const { body } = await supertest(app.getHttpServer())
      .get(`/status/${id}`)
      .set('Authorization', `Bearer ${keys.b}`)
      .expect(200);
    expect(body.status).toBe('completed');
    expect(told).toEqual([expect.stringContaining(id)]);
  }

  it('whose name servers are silent hold up neither the calls nor the webhooks of another', async () => {
    for (let i = 1; i <= 60; i++) {
      await submit('a', [i], `http://n${String(i)}.silent.test/`);
    }
    await waitFor('16 lookups', () => dns.inFlight === 16);
    await serveOther();

    expect(dns.inFlight).toBe(16); // all of them started before, and none has ended
  });

  it('that hang, each under a name of its own, hold up neither the calls nor the webhooks of another', async () => {
    for (let i = 1; i <= 100; i++) {
      await submit('a', [i], `http://n${String(i)}.hangs.test:${String(port)}/hang`);
    }
    await waitFor('16 deliveries that hang', () => hanging === 16);
    await serveOther();

    expect(hanging).toBe(16);
  });
});
