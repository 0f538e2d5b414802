import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { HostResolver } from '../../src/webhooks/host-resolver.js';
import { WebhookSecrets } from '../../src/webhooks/webhook-secrets.js';
import { writeKeys } from '../support/api-keys.js';
import { useApps, type TestApp } from '../support/app.js';
import { refuseForGood, ScriptedApi } from '../support/scripted-api.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(30_000);

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const OLD_SECRET = `whsec_${Buffer.alloc(24, 2).toString('base64')}`;

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Shown {
  readonly delivery_id: string;
  readonly ingestion_id: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_attempt: { readonly http_status: number | null; readonly error: string | null } | null;
}

type Answer = (response: ServerResponse, nth: number) => void;

const ok: Answer = (response) => response.writeHead(204).end();

/** Resolves names as the test sets them. */
class Names extends HostResolver {
  readonly asked: string[] = [];

  constructor(private readonly addresses: Readonly<Record<string, readonly string[]>>) {
    super();
  }

  override resolve(host: string): Promise<readonly string[]> {
    this.asked.push(host);
    return Promise.resolve(this.addresses[host] ?? []);
  }
}

describe('Webhooks', () => {
  const start = useApps();
  const newFolder = useTempFolders();
  const servers: Server[] = [];
  let received: Received[];
  let answer: Answer;
  let url: string;

  beforeEach(async () => {
    received = [];
    answer = ok;
    url = await listen((response) => {
      answer(response, received.length);
    }, received);
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  async function listen(respond: (response: ServerResponse) => void, seen: Received[]): Promise<string> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        seen.push({ path: request.url, headers: request.headers, body });
        respond(response);
      });
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
  }

  const settings = {
    BATCH_DELAY: '0',
    WEBHOOK_SECRET: SECRET,
    CALLBACK_ALLOW: '127.0.0.1',
    WEBHOOK_TIMEOUT: '2',
  };

  const submit = ({ client }: TestApp, callbackUrl: string, ids = [1]): Promise<string> =>
    client.submit(ids, 'LOW', { callback_url: callbackUrl });

  async function deliveries({ request }: TestApp, query = ''): Promise<Shown[]> {
    const { body } = (await request.get(`/webhook-deliveries${query}`).expect(200)) as {
      body: { deliveries: Shown[] };
    };
    return body.deliveries;
  }

  /** Polls until a delivery satisfies `isSo`. */
  async function until(app: TestApp, isSo: (delivery: Shown) => boolean): Promise<Shown> {
    return waitFor(`a delivery with ${String(isSo)}`, async () => (await deliveries(app)).find(isSo));
  }

  const hasFailedOnce = ({ last_attempt: last }: Shown): boolean => last !== null && last.error !== null;

  it('tell the end of a list, signed so that the library of Standard Webhooks takes it', async () => {
    const app = await start({ ...settings, WEBHOOK_SECRET: `${SECRET} ${OLD_SECRET}` });
    const id = await submit(app, `${url}?key=1`, [1, 2, 3, 4]);
    const { delivery_id: deliveryId } = await until(app, ({ state }) => state === 'delivered');

    expect(received).toHaveLength(1);
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = received;
    expect(path).toBe('/hook?key=1');
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': deliveryId });
    for (const secret of [SECRET, OLD_SECRET]) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({
        type: 'ingestion.completed',
        timestamp: expect.any(String),
        data: {
          ingestion_id: id,
          callback_url: `${url}?key=1`,
          status: 'completed',
          priority: 'LOW',
          progress: {
            total: 4,
            yet_to_start: 0,
            in_flight: 0,
            completed: 4,
            failed: 0,
            cancelled: 0,
            percent: 100,
          },
        },
      });
    }
    expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow();
  });

  it('of one client are not believed by receivers of another, during the move from a shared secret too', async () => {
    const file = join(newFolder(), 'keys.yaml');
    const keys = await writeKeys(file, { alice: ['submit'], bob: ['submit'] });
    const master = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const { request } = await start({ ...settings, API_KEYS_FILE: file, WEBHOOK_MASTER_SECRET: master });
    await request
      .post('/ingest')
      .set('X-API-Key', keys.alice)
      .send({ ids: [1], priority: 'LOW', callback_url: `${url}#fragment` })
      .expect(200);
    await waitFor('the message', () => received.length > 0);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const isBelievedWith = (secret: string): boolean => {
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    };
    const secrets = new WebhookSecrets({ shared: [], masters: [master], byClient: new Map() });
    const [hers, his, nobodys] = ['alice', 'bob', null].map((client) => secrets.for(client)[0] ?? '');
    expect([hers, his, nobodys, master, SECRET].map((secret) => isBelievedWith(String(secret)))).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
    expect(JSON.parse(body)).toMatchObject({ data: { callback_url: url } });
  });

  it('tell of a list that failed, and again when it was sent again', async () => {
    const app = await start(settings, new ScriptedApi(refuseForGood));
    const id = await submit(app, url);
    await until(app, ({ state }) => state === 'delivered');
    app.api.answerWith(({ ids }) => Promise.resolve(ids.map((one) => ({ id: one, ok: true, data: null }))));
    await app.request.post(`/ingestions/${id}/redrive`).expect(200);
    await waitFor('the second webhook', () => received.length >= 2);

    expect(received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'ingestion.failed',
      'ingestion.completed',
    ]);
  });

  it('tell of a streamed list, with what came of its ids', async () => {
    const app = await start({ ...settings, BATCH_SIZE: '1000' });
    const lines = Array.from({ length: 1200 }, (_, i) => `${String(i + 1)}\n`).join('');
    const send = (callbackUrl: string): ReturnType<typeof app.request.post> =>
      app.request
        .post('/ingest/stream?priority=LOW')
        .set('Content-Type', 'text/plain')
        .set('X-Callback-Url', callbackUrl)
        .send(lines);
    const { body: refused } = await send('http://10.0.0.1/').expect(400);
    expect(refused.detail).toContain('callback_url its host 10.0.0.1 is not a public address');
    const { body } = await send(url).expect(200);
    expect((await send(url).expect(200)).body.ingestion_id).toBe(body.ingestion_id);
    expect((await send(`${url}/2`).expect(200)).body.ingestion_id).not.toBe(body.ingestion_id);

    await until(app, (its) => its.ingestion_id === body.ingestion_id && its.state === 'delivered');
    const { text: results } = await app.request
      .get(`/ingestions/${String(body.ingestion_id)}/results?limit=2&after=999`)
      .expect(200);
    expect(results).toBe(
      '{"results":[{"id":1000,"status":"completed","data":"processed"},{"id":1001,"status":"completed","data":"processed"}],"next":"1001"}',
    );
  });

  it('are kept and shown while the receiver fails, and sent again when that is asked for', async () => {
    const app = await start(settings);
    answer = (response, nth) => response.writeHead(nth === 1 ? 500 : 200).end('secret of the receiver');
    const id = await submit(app, `${url}?token=secret`);
    const failing = await until(app, hasFailedOnce);
    expect(failing).toMatchObject({
      ingestion_id: id,
      url,
      state: 'pending',
      attempts: 1,
      last_attempt: { http_status: 500, error: 'the receiver answered 500' },
    });

    const { body } = await app.request.post(`/webhook-deliveries/${failing.delivery_id}/resend`).expect(200);
    expect(body).toMatchObject({ state: 'pending', attempts: 0 });
    await until(app, ({ state }) => state === 'delivered');
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([
      failing.delivery_id,
      failing.delivery_id,
    ]);
    await app.request.post('/webhook-deliveries/unknown/resend').expect(404);
  });

  it('hold nothing back while a receiver hangs', async () => {
    const app = await start({ ...settings, WEBHOOK_TIMEOUT: '0.5' });
    answer = () => undefined;
    await submit(app, url, [1]);
    await waitFor('the first webhook', () => received.length > 0);
    const { body } = await app.request
      .post('/ingest')
      .send({ ids: [2], priority: 'LOW' })
      .expect(200);
    const { body: status } = await app.request.get(`/status/${String(body.ingestion_id)}?wait=5`);
    expect(['triggered', 'completed']).toContain(status.status);

    const { last_attempt: last } = await until(app, hasFailedOnce);
    expect(last).toMatchObject({ http_status: null, error: 'no answer within 0.5 s' });
  });

  it('do not follow a redirect, least of all inside', async () => {
    const app = await start(settings);
    const inside: Received[] = [];
    const insideUrl = await listen((response) => response.end(), inside);
    answer = (response) => response.writeHead(307, { location: insideUrl }).end();
    await submit(app, url);

    const { last_attempt: last } = await until(app, hasFailedOnce);
    expect(last).toMatchObject({
      http_status: 307,
      error: 'the receiver answered 307: redirects are not followed',
    });
    expect(inside).toEqual([]);
  });

  it('read no more of an answer than 64 kB', async () => {
    const app = await start(settings);
    let written = 0;
    answer = (response) => {
      response.writeHead(200);
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) {
          written += 65_536;
        }
        response.once('drain', write);
      };
      write();
    };
    await submit(app, url);

    await until(app, ({ state }) => state === 'delivered');
    expect(written).toBeLessThan(20 * 1024 * 1024);
  });

  it('do not go to a name that leads inside; to one that leads to a receiver they go, looked up once', async () => {
    const port = new URL(url).port;
    const names = new Names({ 'inside.example': ['10.0.0.1', '8.8.8.8'], 'receiver.example': ['127.0.0.1'] });
    const app = await start({ ...settings, CALLBACK_ALLOW: 'receiver.example' }, undefined, names);
    await submit(app, `http://inside.example:${port}/`, [1]);
    const { last_attempt: last } = await until(app, hasFailedOnce);
    expect(last?.error).toBe(
      'its host leads to what is not a public address, and CALLBACK_ALLOW does not name it',
    );

    await submit(app, `http://receiver.example:${port}/`, [2]);
    await until(app, ({ state }) => state === 'delivered');
    expect(received.map(({ headers }) => headers.host)).toEqual([`receiver.example:${port}`]);
    expect(names.asked).toEqual(['inside.example', 'receiver.example']);
  });

  it('go out after a restart where the one before could not send them', async () => {
    const app = await start(settings);
    answer = () => undefined;
    await submit(app, url);
    await waitFor('the first webhook', () => received.length > 0);
    await app.app.close();
    answer = ok;
    const next = await start({ ...settings, DATA_DIR: app.dataDir });

    await until(next, ({ state }) => state === 'delivered');
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([
      received[0]?.headers['webhook-id'],
      received[0]?.headers['webhook-id'],
    ]);
  });

  it('are listed by ingestion and state, in pages', async () => {
    const app = await start(settings);
    const ids = [await submit(app, url, [1]), await submit(app, url, [2]), await submit(app, url, [3])];
    await waitFor('three deliveries', async () => (await deliveries(app, '?state=delivered')).length >= 3);
    expect((await deliveries(app, `?ingestion_id=${String(ids[1])}`)).map((its) => its.ingestion_id)).toEqual(
      [ids[1]],
    );
    expect(await deliveries(app, '?state=failed')).toEqual([]);
    const { body: first } = await app.request.get('/webhook-deliveries?limit=2').expect(200);
    const { body: second } = await app.request.get(`/webhook-deliveries?limit=2&after=${String(first.next)}`);
    expect([first.deliveries.length, second.deliveries.length, second.next]).toEqual([2, 1, null]);
    await app.request.get('/webhook-deliveries?state=gone').expect(400);
  });

  describe('are refused at acceptance', () => {
    it.each([
      ['http://localhost:1/', 'callback_url its host localhost is not a public address'],
      ['http://0x7f.1/', 'callback_url its host 127.0.0.1 is not a public address'],
      ['ftp://example.com/', 'callback_url must begin with https:// or http://'],
    ])('for %s', async (callbackUrl, why) => {
      const { request } = await start({ WEBHOOK_SECRET: SECRET });
      const { body } = await request
        .post('/ingest')
        .send({ ids: [1], priority: 'LOW', callback_url: callbackUrl })
        .expect(400);
      expect(body.detail).toContain(why);
      expect(body.errors).toMatchObject([{ field: 'callback_url' }]);
    });

    it('where the service has no secret, and of the wrong type', async () => {
      const { request } = await start();
      const { body } = await request
        .post('/ingest')
        .send({ ids: [1], priority: 'LOW', callback_url: 'https://example.com/' })
        .expect(400);
      expect(body.detail).toBe('callback_url is not possible here: the service has no WEBHOOK_MASTER_SECRET');
      for (const wrong of [5, null, {}, ['https://example.com/']]) {
        await request
          .post('/ingest')
          .send({ ids: [1], priority: 'LOW', callback_url: wrong })
          .expect(422);
      }
      expect((await request.get('/queue')).body).toMatchObject({ waiting: { total: 0 } });
    });

    it('and a list with another callback is another list', async () => {
      const app = await start(settings);
      const send = async (callbackUrl?: string): Promise<unknown> =>
        (
          await app.request.post('/ingest').send({
            ids: [1],
            priority: 'LOW',
            ...(callbackUrl !== undefined && { callback_url: callbackUrl }),
          })
        ).body.ingestion_id;
      const [none, one, same, other] = [
        await send(),
        await send(url),
        await send(url),
        await send(`${url}/2`),
      ];

      expect(one).toBe(same);
      expect(new Set([none, one, other]).size).toBe(3);
    });
  });
});
