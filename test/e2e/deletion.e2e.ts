import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, jest } from '@jest/globals';
import { parse } from 'uuid';
import { writeKeys } from '../support/api-keys.js';
import { useApps, type TestApp } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';
import { ScriptedApi, silent } from '../support/scripted-api.js';
import { dump } from '../support/sqlite-connections.js';
import { isSelected, type StoreName } from '../support/selected-stores.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const UNKNOWN = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';
const STORES: readonly StoreName[] = (['sqlite', 'postgresql'] as const).filter(isSelected);
const EMPTY_AFTER = [
  'batch',
  'callback',
  'chunk',
  'dead_letter',
  'dispatch_part',
  'failed_attempt',
  'idempotency',
  'ingestion',
  'removal',
  'result',
  'retry',
  'webhook_delivery',
];

/** Answers even ids with data, and refuses odd ones for good. */
function answerOrRefuse(): ScriptedApi {
  return new ScriptedApi(async ({ ids }) =>
    ids.map((id) =>
      id % 2n === 0n
        ? { id, ok: true, data: `data of ${String(id)}` }
        : { id, ok: false, message: `refused ${String(id)}`, permanent: true },
    ),
  );
}

describe.each(STORES)('DELETE /ingestions/{id}, on %s,', (store) => {
  const startApp = useApps();
  const newFolder = useTempFolders();
  const postgres = store === 'postgresql' ? usePostgres() : undefined;
  let schema = '';
  let connection: DatabaseSync | undefined;

  async function start(api: ScriptedApi, variables: Readonly<Record<string, string>> = {}): Promise<TestApp> {
    schema = postgres?.emptySchema() ?? '';
    const database = postgres && { DATABASE_URL: postgres.url, DATABASE_SCHEMA: schema };
    const exec = jest.spyOn(DatabaseSync.prototype, 'exec'); // the store locks its file, so tests use its connection
    const started = await startApp(
      {
        BATCH_DELAY: '0',
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
        CALLBACK_ALLOW: '127.0.0.1',
        ...database,
        ...variables,
      },
      api,
    );
    connection = exec.mock.contexts.at(-1) as DatabaseSync | undefined;
    exec.mockRestore();
    return started;
  }

  /** Reads all rows of all tables, bytes in hexadecimal. */
  async function readTables(): Promise<Map<string, string[]>> {
    if (postgres === undefined) {
      return readSqlite(connection);
    }
    const tables = new Map<string, string[]>();
    for (const { tablename } of await postgres.run('SELECT tablename FROM pg_tables WHERE schemaname = $1', [
      schema,
    ])) {
      const name = String(tablename);
      const rows = await postgres.run(`SELECT t::text AS row FROM ${schema}.${name} AS t`);
      tables.set(
        name,
        rows.map(({ row }) => String(row)),
      );
    }
    return tables;
  }

  it('leaves nothing of the list in any table, but the audit entry that says who deleted it', async () => {
    const started = await start(answerOrRefuse());
    const id = await started.client.submit([1, 2, 3, 4, 5], 'LOW', {
      callback_url: 'http://127.0.0.1:9/secret-hook',
    });
    await started.client.waitForStatus(id, 'failed');
    const before = await readTables();
    expect([...before.values()].flat().join('\n')).toContain('secret-hook');
    expect(before.get('dispatch_part')).not.toEqual([]);

    await started.request.delete(`/ingestions/${id}`).expect(204, '');
    await waitFor('the rest to be deleted', async () => (await readTables()).get('removal')?.length === 0);
    const after = await readTables();
    for (const table of EMPTY_AFTER.filter((name) => !(store === 'sqlite' && name === 'idempotency'))) {
      expect([table, after.get(table)]).toEqual([table, []]);
    }
    const left = [...after].filter(([table]) => table !== 'idempotency');
    const rowsWith = (trace: string, tables = left): string[] =>
      tables.flatMap(([, rows]) => rows).filter((row) => row.includes(trace));
    for (const trace of ['secret-hook', 'data of', 'refused']) {
      expect(rowsWith(trace)).toEqual([]);
    }
    const withoutAudit = left.filter(([table]) => table !== 'audit');
    for (const trace of [id, Buffer.from(parse(id)).toString('hex')]) {
      expect(rowsWith(trace, withoutAudit)).toEqual([]);
    }
    expect(rowsWith(id)).toEqual([expect.stringContaining('delete')]);
  });

  it('answers 404 from then on, wherever the list is named, and accepts the same list anew', async () => {
    const started = await start(answerOrRefuse());
    const { request } = started;
    const id = await started.client.submit([1, 2, 3], 'LOW');
    await started.client.waitForStatus(id, 'failed');
    const cached = await request.get(`/status/${id}`).expect(200);
    await request.delete(`/ingestions/${id}`).expect(204);

    await request.get(`/status/${id}`).expect(404);
    await request.get(`/status/${id}`).set('If-None-Match', String(cached.headers['etag'])).expect(404);
    await request.get(`/ingestions/${id}/results`).expect(404);
    await request.post(`/ingestions/${id}/redrive`).expect(404);
    await request.post(`/ingestions/${id}/cancel`).expect(404);
    await request.delete(`/ingestions/${id}`).expect(404);
    expect((await request.get('/ingestions')).body).toMatchObject({ ingestions: [] });
    expect((await request.get('/dead-letters')).body).toMatchObject({ dead_letters: [] });
    expect((await request.get(`/webhook-deliveries?ingestion_id=${id}`)).body).toMatchObject({
      deliveries: [],
    });

    const again = await request
      .post('/ingest')
      .send({ ids: [1, 2, 3], priority: 'LOW' })
      .expect(200);
    expect(again.headers).not.toHaveProperty('idempotency-replayed');
    await request.get(`/status/${String(again.body.ingestion_id)}`).expect(200);
  });

  it('answers 409 while an id is pending or in flight, and 404 for no list', async () => {
    const started = await start(silent(), { BATCH_SIZE: '1', MAX_IN_FLIGHT: '1' });
    const inFlight = await started.client.submit([1], 'LOW');
    const pending = await started.client.submit([2], 'LOW');
    await waitFor('the call', () => started.api.calls.length === 1);
    for (const id of [inFlight, pending]) {
      const { body } = await started.request.delete(`/ingestions/${id}`).expect(409);
      expect(body.detail).toMatch(/^the ingestion has not ended: cancel it/);
      await started.request.get(`/status/${id}`).expect(200);
    }
    await started.request.post(`/ingestions/${pending}/cancel`).expect(200);
    await started.request.delete(`/ingestions/${pending}`).expect(204);
    await started.request.post(`/ingestions/${inFlight}/cancel`).expect(200);
    await started.request.delete(`/ingestions/${inFlight}`).expect(409);
    for (const id of [UNKNOWN, 'abc', '%00']) {
      await started.request.delete(`/ingestions/${id}`).expect(404);
    }
  });

  it('is for the client of the list, and for admin', async () => {
    const file = join(newFolder(), 'keys.yaml');
    const keys = await writeKeys(file, {
      alice: ['submit', 'read'],
      bob: ['submit', 'read'],
      reader: ['read'],
      operator: ['admin'],
    });
    const started = await start(answerOrRefuse(), { API_KEYS_FILE: file });
    const submit = async (ids: readonly number[], key: string): Promise<string> => {
      const list = { ids, priority: 'LOW' };
      const { body } = await started.request.post('/ingest').set('X-API-Key', key).send(list).expect(200);
      return String(body.ingestion_id);
    };
    const remove = async (id: string, key: string): Promise<number> =>
      (await started.request.delete(`/ingestions/${id}`).set('X-API-Key', key)).status;
    const hers = await submit([2], keys.alice);
    const another = await submit([4], keys.alice);
    await waitFor('both lists to end', async () => {
      const { body } = await started.request
        .get('/ingestions?status=completed')
        .set('X-API-Key', keys.operator);
      return (body as { ingestions: unknown[] }).ingestions.length === 2;
    });

    expect(await remove(hers, keys.bob)).toBe(404);
    expect(await remove(hers, keys.reader)).toBe(403);
    expect(await remove(hers, keys.alice)).toBe(204);
    expect(await remove(another, keys.operator)).toBe(204);
    expect(await remove(another, keys.alice)).toBe(404);
  });
});

function readSqlite(connection: DatabaseSync | undefined): Map<string, string[]> {
  if (connection === undefined) {
    throw new Error('the store has opened no file');
  }
  return new Map(
    Object.entries(dump(connection)).map(([table, rows]) => [
      table,
      rows.map((row) => JSON.stringify(Object.values(row as object).map(toText))),
    ]),
  );
}

function toText(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
