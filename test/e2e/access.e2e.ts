import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Scope } from '../../src/domain/authenticated-client.js';
import { writeKeys } from '../support/api-keys.js';
import { useApps } from '../support/app.js';
import { readOperations, type Operation } from '../support/operations.js';
import { listen } from '../support/raw-http.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const CLIENTS = {
  alice: ['submit', 'read'],
  bob: ['submit', 'read'],
  submitter: ['submit'],
  reader: ['read'],
  observer: ['observe'],
  operator: ['admin'],
} satisfies Record<string, readonly Scope[]>;
type Name = keyof typeof CLIENTS;

const UNKNOWN = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';
const DELIVERIES = { method: 'GET', path: '/webhook-deliveries', body: undefined };
const RESEND = { method: 'POST', path: '/webhook-deliveries/{delivery_id}/resend', body: undefined };

describe('With keys,', () => {
  const start = useApps();
  const newFolder = useTempFolders();
  let url = '';
  let file = '';
  let keys: Record<Name, string>;
  let operations: readonly Operation[];

  beforeEach(async () => {
    file = join(newFolder(), 'keys.yaml');
    keys = await writeKeys(file, CLIENTS);
    const { app } = await start({
      API_KEYS_FILE: file,
      WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
      CALLBACK_ALLOW: '127.0.0.1',
    });
    url = `http://127.0.0.1:${String(await listen(app))}`;
    operations = (await readOperations(url)).filter(({ scope }) => scope !== 'none');
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Sends a request; reads only the first chunk of the body, because a stream has no end. */
  async function ask(
    { method, path, body }: Pick<Operation, 'method' | 'path' | 'body'>,
    key: string | undefined,
    ingestionId = UNKNOWN,
    query = '',
  ): Promise<{ status: number; headers: Headers; text: string }> {
    const response = await fetch(`${url}${path.replaceAll(/\{\w+\}/g, ingestionId)}${query}`, {
      method,
      headers: {
        connection: 'close',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': body.type }),
      },
      ...(body !== undefined && { body: body.example }),
    });
    const chunk = await response.body?.getReader().read();
    await response.body?.cancel().catch(() => undefined);
    return {
      status: response.status,
      headers: response.headers,
      text: new TextDecoder().decode(chunk?.value),
    };
  }

  async function submit(key: string, ids: readonly number[], headers = {}, more = {}): Promise<Response> {
    return fetch(`${url}/ingest`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ ids, priority: 'LOW', ...more }),
    });
  }

  async function submitted(key: string, ids: readonly number[], headers = {}, more = {}): Promise<string> {
    return ((await (await submit(key, ids, headers, more)).json()) as { ingestion_id: string }).ingestion_id;
  }

  it('every endpoint says which scope it needs', () => {
    expect(operations.length).toBeGreaterThan(7);
    expect(operations.filter(({ scope }) => scope === undefined).map(({ path }) => path)).toEqual([]);
  });

  it('every endpoint answers 401 without one, with a wrong one, and with what is none', async () => {
    const wrong = [undefined, `${keys.operator.slice(0, -3)}xyz`, 'sluice_', 'a.b.c', 'x'.repeat(9000)];
    for (const operation of operations) {
      for (const key of wrong) {
        const { status, headers, text } = await ask(operation, key);
        expect([operation.path, status, headers.get('content-type')]).toEqual([
          operation.path,
          401,
          'application/problem+json; charset=utf-8',
        ]);
        expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="sluice"/);
        expect(JSON.parse(text)).toMatchObject({ status_code: 401, title: 'Unauthorized' });
      }
    }
  });

  it('every endpoint answers 403 to the scopes that it does not need, and to no other', async () => {
    const mine = await submitted(keys.operator, [1]);
    for (const operation of operations) {
      for (const name of ['submitter', 'reader', 'observer', 'operator'] as const) {
        const { status, text } = await ask(operation, keys[name], mine);
        const isAllowed =
          name === 'operator' ||
          (name === 'observer' && operation.method === 'GET') ||
          operation.scope === 'any' ||
          CLIENTS[name].some((scope) => scope === operation.scope);
        const told = [operation.method, operation.path, name];
        if (isAllowed) {
          const needsOwn = status === 403 && text.includes('ingestion_id'); // the request covers all lists
          expect([...told, status === 401 || (status === 403 && !needsOwn)]).toEqual([...told, false]);
        } else {
          expect([...told, status]).toEqual([...told, 403]);
          expect(JSON.parse(text)).toMatchObject({
            detail: `this needs the scope ${String(operation.scope)}`,
          });
        }
      }
    }
  });

  it('observe reads the lists of all clients by every GET, and changes nothing', async () => {
    const hers = await submitted(keys.alice, [1, 2]);
    const his = await submitted(keys.bob, [3]);
    const reading = operations.filter(({ method }) => method === 'GET');
    const changing = operations.filter(({ method }) => method !== 'GET');
    expect(Math.min(reading.length, changing.length)).toBeGreaterThan(9);
    for (const operation of reading) {
      const { status } = await ask(operation, keys.observer, hers);
      expect([operation.path, status < 500 && status !== 401 && status !== 403]).toEqual([
        operation.path,
        true,
      ]);
    }
    for (const operation of changing) {
      const { status, text } = await ask(operation, keys.observer, hers, `?ingestion_id=${hers}`);
      expect([operation.path, status, text]).toEqual([
        operation.path,
        403,
        expect.stringContaining('this needs the scope'),
      ]);
    }
    const { text: lists } = await ask({ method: 'GET', path: '/ingestions', body: undefined }, keys.observer);
    expect([lists.includes(hers), lists.includes(his)]).toEqual([true, true]);
  });

  it('observe beside submit changes own lists alone', async () => {
    const { both, ...others } = await writeKeys(file, { ...CLIENTS, both: ['observe', 'submit'] });
    keys = others;
    const own = await waitFor(
      'the new key to be known',
      () => submit(both, [9]),
      ({ ok }) => ok,
    );
    const { ingestion_id: id } = (await own.json()) as { ingestion_id: string };
    const hers = await submitted(keys.alice, [1, 2]);
    const cancel = { method: 'POST', path: '/ingestions/{ingestion_id}/cancel', body: undefined };
    expect((await ask(cancel, both, hers)).status).toBe(404);
    expect([200, 409]).toContain((await ask(cancel, both, id)).status); // 409: it was sent meanwhile
    const redrive = { method: 'POST', path: '/dead-letters/redrive', body: undefined };
    expect((await ask(redrive, both, UNKNOWN, '?all=true')).status).toBe(403);
  });

  it('no answer with data is kept by a browser or a proxy', async () => {
    const mine = await submitted(keys.operator, [1]);
    for (const operation of operations) {
      const { headers } = await ask(operation, keys.operator, mine);
      const isStatus = operation.path === '/status/{ingestion_id}';
      expect([operation.path, headers.get('cache-control')]).toEqual([
        operation.path,
        isStatus ? 'private, no-cache' : expect.stringContaining('no-store'),
      ]);
    }
    const withResults = { method: 'GET', path: `/status/${mine}?include=results`, body: undefined };
    expect((await ask(withResults, keys.operator)).headers.get('cache-control')).toBe('no-store');
  });

  it('another client’s ingestion is answered as one that is unknown, wherever it is named', async () => {
    const hers = await submitted(keys.alice, [1, 2]);
    const named = operations.filter(
      ({ path, scope }) => path.includes('{ingestion_id}') && scope !== 'admin',
    );
    expect(named.length).toBeGreaterThan(2);
    for (const operation of named) {
      const other = await ask(operation, keys.bob, hers);
      const unknown = await ask(operation, keys.bob, UNKNOWN);
      expect([operation.path, other.status, other.text]).toEqual([operation.path, 404, unknown.text]);
      if (operation.method === 'DELETE') {
        continue; // it takes the list away: see deletion.e2e.ts
      }
      expect([operation.path, (await ask(operation, keys.alice, hers)).status]).not.toEqual([
        operation.path,
        404,
      ]);
      expect([operation.path, (await ask(operation, keys.operator, hers)).status]).not.toEqual([
        operation.path,
        404,
      ]);
    }
    for (const [method, path, everything] of [
      ['GET', '/dead-letters', ''],
      ['POST', '/dead-letters/redrive', '?all=true'],
      ['GET', '/webhook-deliveries', ''],
    ] as const) {
      const asked = { method, path, body: undefined };
      expect((await ask(asked, keys.bob)).status).toBe(403);
      expect((await ask(asked, keys.bob, UNKNOWN, `?ingestion_id=${hers}`)).status).toBe(404);
      expect((await ask(asked, keys.bob, UNKNOWN, `?ingestion_id=${hers}&ingestion_id=${hers}`)).status).toBe(
        403,
      );
      expect((await ask(asked, keys.alice, UNKNOWN, `?ingestion_id=${hers}`)).status).toBe(200);
      expect((await ask(asked, keys.operator, UNKNOWN, everything)).status).toBe(200);
    }
  });

  it('another client’s webhook is sent again by nobody else', async () => {
    const hers = await submitted(keys.alice, [1], {}, { callback_url: 'http://127.0.0.1:9/' });
    const his = await submitted(keys.bob, [2]);
    const delivery = await waitFor('the webhook to be listed', async () => {
      const { text } = await ask(DELIVERIES, keys.alice, UNKNOWN, `?ingestion_id=${hers}`);
      return /(?<="delivery_id":")[^"]+/.exec(text)?.[0];
    });
    const resend = async (key: string, query: string): Promise<number> =>
      (await ask(RESEND, key, delivery, query)).status;
    expect(await resend(keys.bob, '')).toBe(403);
    expect(await resend(keys.bob, `?ingestion_id=${hers}`)).toBe(404);
    expect(await resend(keys.bob, `?ingestion_id=${his}`)).toBe(404);
    expect(await resend(keys.alice, `?ingestion_id=${hers}`)).toBe(200);
  });

  it('a list of ingestions holds the own ones, whatever is asked for; admin sees whose each is', async () => {
    const hers = await submitted(keys.alice, [1]);
    const his = await submitted(keys.bob, [2]);
    const list = async (key: string, query = ''): Promise<[string, string | null][]> => {
      const response = await fetch(`${url}/ingestions${query}`, { headers: { 'x-api-key': key } });
      const { ingestions } = (await response.json()) as {
        ingestions: { ingestion_id: string; client: string | null }[];
      };
      return ingestions.map(({ ingestion_id: id, client }) => [id, client]);
    };
    expect(await list(keys.alice)).toEqual([[hers, 'alice']]);
    expect(await list(keys.alice, '?client=bob')).toEqual([[hers, 'alice']]);
    expect(await list(keys.reader)).toEqual([]);
    expect(await list(keys.operator)).toEqual([
      [his, 'bob'],
      [hers, 'alice'],
    ]);
    expect(await list(keys.operator, '?client=bob')).toEqual([[his, 'bob']]);
  });

  it('an id is found in the own lists only; admin finds it in all', async () => {
    const hers = await submitted(keys.alice, [7]);
    const his = await submitted(keys.bob, [7, 8]);
    const find = async (key: string, id: number): Promise<string[]> => {
      const response = await fetch(`${url}/ids/${String(id)}`, { headers: { 'x-api-key': key } });
      const { found } = (await response.json()) as { found: { ingestion_id: string }[] };
      return found.map(({ ingestion_id: found_in }) => found_in);
    };
    expect(await find(keys.alice, 7)).toEqual([hers]);
    expect(await find(keys.alice, 8)).toEqual([]);
    expect(await find(keys.operator, 7)).toEqual([his, hers]);
  });

  it('clients do not meet in their idempotency keys, nor in equal lists', async () => {
    const same = { 'idempotency-key': 'k' };
    const [a, b] = [await submitted(keys.alice, [1, 2, 3]), await submitted(keys.bob, [1, 2, 3])];
    const [c, d] = [await submitted(keys.alice, [4], same), await submitted(keys.bob, [5], same)];
    expect(new Set([a, b, c, d]).size).toBe(4);
    expect(await submitted(keys.alice, [1, 2, 3])).toBe(a);
    expect((await submit(keys.bob, [6], same)).status).toBe(422);
  });

  it('every client is told who it is and what it may do', async () => {
    const told = async (key: string): Promise<unknown> =>
      (await fetch(`${url}/whoami`, { headers: { 'x-api-key': key } })).json();
    expect(await told(keys.alice)).toEqual({
      client: 'alice',
      scopes: ['submit', 'read'],
      keys: true,
      lanes: ['default'],
    });
    expect(await told(keys.reader)).toEqual({
      client: 'reader',
      scopes: ['read'],
      keys: true,
      lanes: ['default'],
    });
    expect(await told(keys.observer)).toMatchObject({ client: 'observer', scopes: ['read', 'observe'] });
    expect(await told(keys.operator)).toEqual({
      client: 'operator',
      scopes: ['submit', 'read', 'observe', 'admin'],
      keys: true,
      lanes: ['default'],
    });
    const { request } = await start();
    const { body } = await request.get('/whoami');
    expect(body).toEqual({
      client: null,
      scopes: ['submit', 'read', 'observe', 'admin'],
      keys: false,
      lanes: ['default'],
    });
  });

  it('X-API-Key does as well, two that differ do not', async () => {
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await fetch(`${url}/queue`, { headers })).status;
    expect(await status({ 'x-api-key': keys.reader })).toBe(200);
    expect(await status({ 'x-api-key': keys.reader, authorization: `Bearer ${keys.reader}` })).toBe(200);
    expect(await status({ 'x-api-key': keys.reader, authorization: `Bearer ${keys.operator}` })).toBe(401);
    expect(await status({ authorization: `Basic ${btoa(`x:${keys.reader}`)}` })).toBe(401);
  });

  it('health, the pages and the document are open, unknown paths are not', async () => {
    for (const path of ['/health', '/docs', '/redoc', '/openapi.json', '/docs/pages/docs.js']) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200]);
    }
    for (const path of ['/nothing', '/QUEUE', '/queue/', '//queue', '/docs/../queue', '/docs%2f..%2fqueue']) {
      const { status } = await ask({ method: 'GET', path, body: undefined }, undefined);
      expect([path, [401, 404].includes(status)]).toEqual([path, true]);
    }
    const methods = await Promise.all(
      ['PUT', 'DELETE', 'OPTIONS'].map((method) => fetch(`${url}/ingest`, { method })),
    );
    expect(methods.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  it('health tells its state to everybody, and paths, hosts and lanes to observe and admin alone', async () => {
    const told = async (path: string, key?: string): Promise<Record<string, unknown>> => {
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
      // a stall of the machine is a stall of the event loop, which /health/ready tells for a moment
      const response = await waitFor(
        path,
        () => fetch(`${url}${path}`, { headers }),
        ({ ok }) => ok,
      );
      return (await response.json()) as Record<string, unknown>;
    };
    for (const key of [undefined, keys.reader, keys.alice, `${keys.operator.slice(0, -3)}xyz`, 'a.b.c']) {
      expect(await told('/health', key)).toEqual({
        status: 'healthy',
        service: 'sluice',
        timestamp: expect.any(String),
      });
      const { checks } = await told('/health/ready', key);
      expect(checks).toEqual({
        drain: { status: 'up' },
        store: { status: 'up' },
        schema: { status: 'up' },
        disk: { status: expect.any(String) },
        event_loop: { status: 'up' },
        lanes: { status: 'up' },
      });
    }
    expect(await told('/health', keys.observer)).toMatchObject({ store: expect.any(String) });
    expect(await told('/health', keys.operator)).toMatchObject({
      store: expect.stringContaining('SQLite at /'),
      upstream: expect.any(String),
      breaker: 'closed',
      uptime_seconds: expect.any(Number),
      lanes: { default: { breaker: 'closed', unwell_since: null } },
    });
    expect(await told('/health/ready', keys.operator)).toMatchObject({
      checks: { store: { message: expect.stringContaining('SQLite at /') } },
    });
  });

  it('a changed file is followed: a key that is gone fails, a file that is broken changes nothing', async () => {
    const status = async (key: string): Promise<number> =>
      (await fetch(`${url}/queue`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await status(keys.reader)).toBe(200);
    const { late } = await writeKeys(file, { late: ['read'] });
    await waitFor(
      'the new key to be known',
      () => status(late),
      (answered) => answered === 200,
    );
    expect(await status(keys.reader)).toBe(401);
    const logged = jest.spyOn(Logger.prototype, 'error');
    writeFileSync(file, 'keys: [');
    await waitFor(
      'the broken file to be read',
      () => logged.mock.calls.flat().map(String),
      (lines) => lines.some((line) => line.includes('cannot be used, the keys before it stay')),
    );
    expect(await status(late)).toBe(200);
  });
});
