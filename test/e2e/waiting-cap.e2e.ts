import { join } from 'node:path';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Response } from 'supertest';
import { writeKeys } from '../support/api-keys.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { usePostgres } from '../support/postgres-stores.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

const CLIENTS = { alice: ['submit', 'read'], bob: ['submit'], operator: ['admin'] } as const;
type Name = keyof typeof CLIENTS;

describe.each(['SQLite', 'PostgreSQL'])('MAX_WAITING_IDS on %s', (store) => {
  const startApp = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();
  const newFolder = useTempFolders();
  let keys: Record<Name, string>;
  let service: TestApp;

  const start = (variables: Record<string, string>): Promise<TestApp> =>
    startApp({
      MAX_WAITING_IDS: '10',
      BATCH_DELAY: '5',
      ...(store === 'PostgreSQL' && { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() }),
      ...variables,
    });

  beforeEach(async () => {
    const file = join(newFolder(), 'keys.yaml');
    keys = await writeKeys(file, CLIENTS);
    service = await start({ API_KEYS_FILE: file });
    await service.request.post('/queue/pause').set('X-API-Key', keys.operator).expect(200);
  });

  function submit(client: Name, ids: readonly number[], headers = {}): Promise<Response> {
    const sending = service.request.post('/ingest').set('X-API-Key', keys[client]).set(headers);
    return Promise.resolve(sending.send({ ids, priority: 'LOW' }));
  }

  function stream(client: Name, ids: readonly number[], headers = {}): Promise<Response> {
    const sending = service.request.post('/ingest/stream?priority=LOW').set('X-API-Key', keys[client]);
    return Promise.resolve(sending.set('Content-Type', 'text/plain').set(headers).send(ids.join('\n')));
  }

  it('a list without room is 429 with the time until there may be some; nobody else is hindered', async () => {
    expect((await submit('alice', idRange(1, 8))).status).toBe(200);
    const { status, headers, body } = await submit('alice', idRange(11, 6));
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('10');
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body).toMatchObject({
      status_code: 429,
      detail: '8 ids of this client wait, at most 10 may: there is no room for 6 more',
    });
    expect((await submit('bob', idRange(11, 10))).status).toBe(200);
    expect((await submit('alice', idRange(21, 2))).status).toBe(200);
  });

  it('the same list again is answered as before, however it comes', async () => {
    const key = { 'Idempotency-Key': 'mine' };
    const first = await submit('alice', idRange(1, 9), key);
    const streamed = await stream('bob', idRange(1, 9));
    for (const again of [await submit('alice', idRange(1, 9), key), await stream('bob', idRange(1, 9))]) {
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect([first.body.ingestion_id, streamed.body.ingestion_id]).toContain(again.body.ingestion_id);
    }
    expect((await stream('bob', idRange(2, 9))).status).toBe(429);
    expect((await stream('bob', idRange(2, 9), key)).status).toBe(429);
  });

  it('a list larger than the cap is 413: no time makes room for it', async () => {
    for (const { status, body } of [
      await submit('alice', idRange(1, 11)),
      await stream('alice', idRange(1, 11)),
    ]) {
      expect([status, body.detail]).toEqual([
        413,
        'the list holds 11 ids, and no more than 10 of a client may wait',
      ]);
    }
  });

  it('without keys everybody is one client', async () => {
    service = await start({ IDEMPOTENCY_BY_CONTENT: 'false' });
    await service.request.post('/queue/pause').expect(200);
    await service.request
      .post('/ingest')
      .send({ ids: idRange(1, 9), priority: 'LOW' })
      .expect(200);
    await service.request
      .post('/ingest')
      .send({ ids: idRange(1, 2), priority: 'HIGH' })
      .expect(429);
    await service.request
      .post('/ingest/stream?priority=LOW')
      .set('Content-Type', 'text/plain')
      .send('1\n2')
      .expect(429);
    await service.request
      .post('/ingest')
      .send({ ids: [10], priority: 'HIGH' })
      .expect(200);
  });
});
