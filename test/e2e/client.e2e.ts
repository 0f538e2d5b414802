import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { schemaSource } from '../../scripts/client/schema-source.js';
import { createSluiceClient } from '../../src/clients/typescript/index.js';
import { useBuiltService } from '../support/built-service.js';
import { freePort } from '../support/free-port.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LARGEST = 10000000000000000007n;

describe('The typed client', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();
  const variables = { BATCH_DELAY: '0', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' };

  it('is typed as the document says: otherwise `npm run client:generate`', async () => {
    const { url } = await start();
    const document = await (await fetch(`${url}/openapi.json`)).text();

    expect(readFileSync(`${ROOT}src/clients/typescript/schema.ts`, 'utf8')).toBe(
      await schemaSource(document),
    );
  });

  it('takes numbers and bigints as ids, and gives every id back as an exact bigint', async () => {
    const { url } = await start(variables);
    const sluice = createSluiceClient({ baseUrl: url });
    const ids = [1, 9007199254740993n, LARGEST];
    const { data } = await sluice.POST('/ingest', { body: { ids, priority: 'HIGH' } });
    const path = { ingestion_id: data?.ingestion_id ?? '' };
    const { data: status } = await sluice.GET('/status/{ingestion_id}', { params: { path } });
    const { data: none } = await sluice.GET('/status/{ingestion_id}', {
      params: { path, query: { batches: 'none' } },
    });

    expect(status?.batches?.map((batch) => batch.ids)).toEqual([[1n, 9007199254740993n, LARGEST]]);
    expect(none?.progress.total).toBe(3);
  });

  it('submits a list, follows it, waits for its end and reads its results, page by page', async () => {
    const { url } = await start({ ...variables, MOCK_ERROR_RATE: '1', MAX_ATTEMPTS: '1' });
    const sluice = createSluiceClient({ baseUrl: url });
    const ids = Array.from({ length: 7 }, (_, i) => BigInt(i + 1));

    expect(await sluice.estimate({ ids, priority: 'LOW' })).toMatchObject({ ids_ahead: 0 });
    const { ingestion_id: id } = await sluice.submit({ ids, priority: 'LOW' });
    const events = await Array.fromAsync(sluice.events(id));
    const seen = events.flatMap((event) => (event.type === 'batch' ? event.data.ids : []));
    const status = await sluice.waitUntilDone(id);
    const results = await Array.fromAsync(sluice.results(id, { limit: 3 }));
    const deadLetters = await Array.fromAsync(sluice.deadLetters({ ingestion_id: id, limit: 3 }));
    const ingestions = await Array.fromAsync(sluice.ingestions({ status: 'failed' }));

    expect(events.at(-1)).toEqual({ type: 'done', id: 'done', data: { status: 'failed' } });
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(status).toMatchObject({ ingestion_id: id, status: 'failed', progress: { failed: 7 } });
    expect(results.map((result) => [result.id, result.status])).toEqual(ids.map((one) => [one, 'failed']));
    expect(deadLetters.map((letter) => letter.id).toSorted((a, b) => Number(a - b))).toEqual(ids);
    expect(ingestions.map((ingestion) => ingestion.ingestion_id)).toEqual([id]);
  });

  it('survives a restart of the service: it waits on, and a submit is accepted once', async () => {
    const port = String(await freePort());
    const dataDir = newFolder();
    const slow = {
      PORT: port,
      DATA_DIR: dataDir,
      BATCH_DELAY: '1',
      MOCK_DELAY_MIN: '0',
      MOCK_DELAY_MAX: '0',
    };
    const first = await start(slow);
    const sluice = createSluiceClient({ baseUrl: first.url });
    const { ingestion_id: id } = await sluice.submit({ ids: [1, 2, 3, 4, 5, 6, 7], priority: 'HIGH' });
    const done = sluice.waitUntilDone(id);
    const events = Array.fromAsync(sluice.events(id));
    await first.kill();
    const submitted = sluice.submit({ ids: [8], priority: 'HIGH' });
    await start(slow);

    expect(await done).toMatchObject({ status: 'completed' });
    expect((await events).at(-1)?.type).toBe('done');
    expect(await sluice.waitUntilDone((await submitted).ingestion_id)).toMatchObject({ status: 'completed' });
    expect(await Array.fromAsync(sluice.ingestions())).toHaveLength(2);
  });

  it('returns the error of the service, and rejects if there is no response', async () => {
    const { url } = await start();
    const sluice = createSluiceClient({ baseUrl: url });
    const { data, error, response } = await sluice.POST('/ingest', { body: { ids: [0n], priority: 'HIGH' } });
    const nowhere = createSluiceClient({ baseUrl: 'http://127.0.0.1:1', maxRetries: 0 });

    expect([data, response.status]).toEqual([undefined, 400]);
    expect(error).toMatchObject({ status_code: 400, errors: [{ field: 'ids[0]' }] });
    await expect(sluice.submit({ ids: [0], priority: 'HIGH' })).rejects.toMatchObject({
      status: 400,
      message: 'ids[0] must be an integer from 1 to 10000000000000000007',
    });
    await expect(nowhere.GET('/queue')).rejects.toThrow();
  });

  it('sends the key and the headers it is given', async () => {
    const seen: Request[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      seen.push(request);
      return Response.json({});
    };
    await createSluiceClient({
      baseUrl: 'http://sluice',
      apiKey: 's3cret',
      headers: { 'X-A': 'b' },
      fetch,
    }).GET('/queue');

    expect(seen.map(({ url, headers }) => [url, headers.get('authorization'), headers.get('x-a')])).toEqual([
      ['http://sluice/queue', 'Bearer s3cret', 'b'],
    ]);
  });

  it('does what docs/client.md shows', async () => {
    const { url } = await start(variables);
    const [, example = ''] = /```ts\n(.*?)```/s.exec(readFileSync(`${ROOT}docs/client.md`, 'utf8')) ?? [];
    const program = example.replace('@sluice/client', 'sluice/client'); // the same client, without a package to install
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], SLUICE_URL: url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')]);

    expect(printed.trimEnd().split('\n')).toEqual([
      'completed 3',
      '1n completed processed',
      '2n completed processed',
      '10000000000000000007n completed processed',
    ]);
    expect(exitCode).toBe(0);
  });
});
