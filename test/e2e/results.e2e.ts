import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { get, type IncomingMessage } from 'node:http';

import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { UpstreamResult, UpstreamCall } from '../../src/external-api/external-api.js';
import { ResultService } from '../../src/ingestion/results/result.service.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { ScriptedApi } from '../support/scripted-api.js';
import { waitFor } from '../support/wait-for.js';

const LARGEST = '10000000000000000007';
const BIG = JSON.rawJSON(LARGEST);
interface Shown {
  readonly id: number;
  readonly data?: unknown;
}

interface ShownBatch {
  readonly results: readonly Shown[];
}

/** Rejects ids that end in 0, omits the data of those that end in 9, and answers the others. */
function answerOf(id: bigint): UpstreamResult {
  if (id % 10n === 0n) {
    return { id, ok: false, message: 'no such id', permanent: true };
  }
  return { id, ok: true, data: id % 10n === 9n ? undefined : { is: id, n: BIG } };
}

const answerEach = ({ ids }: UpstreamCall): Promise<readonly UpstreamResult[]> =>
  Promise.resolve(ids.map(answerOf));

jest.setTimeout(60_000);

describe('GET /ingestions/{ingestion_id}/results', () => {
  const start = useApps();
  let app: TestApp;
  beforeEach(async () => {
    app = await start({ BATCH_DELAY: '0', BATCH_SIZE: '1000' }, new ScriptedApi(answerEach));
  });

  async function ended(ids: string, { request }: TestApp = app): Promise<string> {
    const { body } = await request
      .post('/ingest')
      .set('Content-Type', 'application/json')
      .send(`{"ids":${ids},"priority":"LOW"}`)
      .expect(200);
    const id = String(body.ingestion_id);
    for (;;) {
      const { body: status } = await request.get(`/status/${id}?batches=none&wait=10`).expect(200);
      if (['completed', 'failed'].includes(status.status)) {
        return id;
      }
    }
  }

  async function textOf(path: string, headers: Record<string, string> = {}): Promise<string> {
    return (await raw(path, headers)).text;
  }

  /** Requests a path and returns the raw response, neither parsed nor decompressed. */
  async function raw(
    path: string,
    headers: Record<string, string>,
  ): Promise<{ text: string; bytes: Buffer; response: IncomingMessage }> {
    if (!app.app.getHttpServer().listening) {
      await app.app.listen(0, '127.0.0.1');
    }
    const { port } = app.app.getHttpServer().address() as AddressInfo;
    const [response] = (await once(
      get({ host: '127.0.0.1', port, path, headers, agent: false }),
      'response',
    )) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
    }
    const bytes = Buffer.concat(chunks);
    return { text: bytes.toString(), bytes, response };
  }

  it('answers each id in its order, numbers exact to the last digit', async () => {
    const id = await ended(`[1,9,10,${LARGEST}]`);

    expect(await textOf(`/ingestions/${id}/results`)).toBe(
      `{"results":[{"id":1,"status":"completed","data":{"is":1,"n":${LARGEST}}},` +
        '{"id":9,"status":"completed"},' +
        '{"id":10,"status":"failed","error":{"kind":"rejected","message":"no such id"}},' +
        `{"id":${LARGEST},"status":"completed","data":{"is":${LARGEST},"n":${LARGEST}}}],"next":null}`,
    );
  });

  it('answers in pages, and by status', async () => {
    const id = await ended(JSON.stringify(idRange(1, 25)));
    const seen: number[] = [];
    for (let after: string | null = '0'; after !== null;) {
      const page: { body: { results: { id: number }[]; next: string | null } } = await app.request
        .get(`/ingestions/${id}/results?limit=10&after=${after}`)
        .expect(200);
      seen.push(...page.body.results.map((result) => result.id));
      after = page.body.next;
    }
    const { body: failed } = (await app.request
      .get(`/ingestions/${id}/results?status=failed`)
      .expect(200)) as { body: { results: Shown[]; next: string | null } };

    expect(seen).toEqual(idRange(1, 25));
    expect(failed.results.map((result) => result.id)).toEqual([10, 20]);
    expect(failed.next).toBeNull();
  });

  it('streams a line for each id with application/x-ndjson, compressed where that is accepted', async () => {
    const id = await ended(JSON.stringify(idRange(1, 2500)));
    const path = `/ingestions/${id}/results`;
    const plain = await raw(path, { accept: 'application/x-ndjson' });
    const packed = await raw(path, { accept: 'application/x-ndjson', 'accept-encoding': 'gzip' });
    const lines = plain.text.trimEnd().split('\n');

    expect(plain.response.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      vary: 'Accept, Accept-Encoding',
    });
    expect(lines).toHaveLength(2500);
    expect(lines[1]).toBe(`{"id":2,"status":"completed","data":{"is":2,"n":${LARGEST}}}`);
    expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual(idRange(1, 2500));
    expect(packed.response.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.bytes).toString()).toBe(plain.text);
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 5);
    expect(
      (await textOf(`${path}?status=failed`, { accept: 'application/x-ndjson' })).split('\n'),
    ).toHaveLength(251);
  });

  it('reads no further than its client does', async () => {
    const long = 'x'.repeat(100_000);
    app.api.answerWith(({ ids }) => Promise.resolve(ids.map((id) => ({ id, ok: true, data: long }))));
    const id = await ended(JSON.stringify(idRange(1, 250)));
    await app.app.listen(0, '127.0.0.1');
    const pages = jest.spyOn(app.app.get(ResultService, { strict: false }), 'page');
    const { port } = app.app.getHttpServer().address() as AddressInfo;
    const request = get({
      host: '127.0.0.1',
      port,
      path: `/ingestions/${id}/results`,
      headers: { accept: 'application/x-ndjson' },
      agent: false,
    });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await new Promise((resolve) => setTimeout(resolve, 300));
    const read = pages.mock.calls.length;
    response.resume();
    await once(response, 'end');

    expect(read).toBeLessThan(20);
    expect(pages.mock.calls.length).toBeGreaterThan(20);
  });

  it('shows what has no outcome yet', async () => {
    const held = await start({ BATCH_SIZE: '2' }, new ScriptedApi(() => new Promise(() => undefined)));
    const { body } = await held.request.post('/ingest').send({ ids: [1, 2, 3], priority: 'LOW' });
    await waitFor('a call', () => held.api.calls.length > 0);
    const { body: page } = await held.request.get(`/ingestions/${String(body.ingestion_id)}/results`);

    expect(page.results).toEqual([
      { id: 1, status: 'triggered' },
      { id: 2, status: 'triggered' },
      { id: 3, status: 'yet_to_start' },
    ]);
  });

  it.each([
    ['limit=0', 400, 'limit must be an integer from 1 to 1000'],
    ['limit=1001', 400, 'limit must be an integer from 1 to 1000'],
    ['after=x', 400, 'after is not the `next` of a page'],
    ['status=done', 400, 'status must be one of yet_to_start, triggered, completed, failed, cancelled'],
    ['page=1', 400, 'page is not a known parameter'],
  ])('refuses ?%s', async (query, status, detail) => {
    const id = await ended('[1]');
    const { body } = await app.request.get(`/ingestions/${id}/results?${query}`).expect(status);
    expect(body.detail).toBe(detail);
  });

  it.each(['unknown', '0198c0de-0000-7000-8000-000000000001'])('does not know %s', async (id) => {
    for (const accept of ['application/json', 'application/x-ndjson']) {
      const { body } = await app.request.get(`/ingestions/${id}/results`).set('Accept', accept).expect(404);
      expect(body.detail).toBe('unknown ingestion_id');
    }
  });

  it('says so where results are not kept', async () => {
    const off = await start({ BATCH_DELAY: '0', RESULTS: 'off' }, new ScriptedApi(answerEach));
    const id = await ended('[1,10]', off);

    const { body } = await off.request.get(`/ingestions/${id}/results`).expect(404);
    expect(body.detail).toBe('results are not kept here: RESULTS is off');
    const { body: status } = await off.request.get(`/status/${id}?include=results`).expect(400);
    expect(status.detail).toContain('RESULTS is off');
    expect((await off.request.get(`/status/${id}`).expect(200)).body.progress).toMatchObject({
      completed: 1,
      failed: 1,
    });
  });

  it('knows what completed while they were not kept from what did not, in a cancelled list too', async () => {
    const firstAlone = ({ ids }: UpstreamCall): Promise<readonly UpstreamResult[]> =>
      Promise.resolve(
        ids.map((id) =>
          id === 1n ? { id, ok: true, data: 5 } : { id, ok: false, message: 'not now', permanent: false },
        ),
      );
    const variables = { BATCH_DELAY: '0', BATCH_SIZE: '2', RETRY_BASE: '3600', RETRY_MAX: '3600' };
    const off = await start({ ...variables, RESULTS: 'off' }, new ScriptedApi(firstAlone));
    const { body } = await off.request
      .post('/ingest')
      .send({ ids: [1, 2], priority: 'LOW' })
      .expect(200);
    const id = String(body.ingestion_id);
    const progress = async (): Promise<number> =>
      Number((await off.request.get(`/status/${id}?batches=none`)).body.progress.completed);
    await waitFor('progress', progress, (completed) => completed > 0);
    await off.request.post('/queue/pause').expect(200);
    await off.app.close();

    const on = await start({ ...variables, DATA_DIR: off.dataDir });
    const shown = async (): Promise<unknown> =>
      (await on.request.get(`/ingestions/${id}/results`)).body.results;
    expect(await shown()).toEqual([
      { id: 1, status: 'completed' },
      { id: 2, status: 'triggered' },
    ]);
    await on.request.post(`/ingestions/${id}/cancel`).expect(200);
    expect(await shown()).toEqual([
      { id: 1, status: 'completed' },
      { id: 2, status: 'cancelled' },
    ]);
  });

  describe('within the status, as the original system showed them:', () => {
    it('by batch, those that have their outcome', async () => {
      const three = await start({ BATCH_DELAY: '0' }, new ScriptedApi(answerEach));
      const id = await ended('[1,9,10,4]', three);
      const { body } = (await three.request.get(`/status/${id}?include=results`).expect(200)) as {
        body: { batches: ShownBatch[] };
      };
      const { body: plain } = await three.request.get(`/status/${id}`).expect(200);

      expect(body.batches.map((batch) => batch.results)).toEqual([
        [
          { id: 1, data: { is: 1, n: Number(LARGEST) } },
          { id: 9 },
          { id: 10, error: { kind: 'rejected', message: 'no such id' } },
        ],
        [{ id: 4, data: { is: 4, n: Number(LARGEST) } }],
      ]);
      const batches = body.batches.map((batch) => ({ ...batch, results: undefined }));
      expect({ ...body, batches }).toEqual(plain);
    });

    it('page by page, and over a long list', async () => {
      const three = await start({ BATCH_DELAY: '0', BATCH_SIZE: '2' }, new ScriptedApi(answerEach));
      const ids = idRange(1, 101).map((n) => n * 10 + 1);
      const id = await ended(JSON.stringify(ids), three);
      const shown = async (query: string): Promise<unknown> => {
        const { body } = (await three.request.get(`/status/${id}?include=results${query}`).expect(200)) as {
          body: { batches: ShownBatch[]; next?: string | null };
        };
        return [body.batches.flatMap(({ results }) => results.map((its) => its.id)), body.next];
      };

      expect(await shown('&limit=3&after=2')).toEqual([ids.slice(4, 10), '5']);
      expect(await shown('')).toEqual([ids, undefined]);
    });
  });
});
