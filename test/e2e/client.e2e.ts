import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { schemaSource } from '../../scripts/client/schema-source.js';
import { createSluiceClient } from '../../src/clients/typescript/index.js';
import { useBuiltService } from '../support/built-service.js';

jest.setTimeout(60_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LARGEST = 10000000000000000007n;

describe('The typed client', () => {
  const start = useBuiltService();
  const variables = { BATCH_DELAY: '0', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' };

  it('is typed as the document says: otherwise `npm run client:generate`', async () => {
    const { url } = await start();
    const document = await (await fetch(`${url}/openapi.json`)).text();

    expect(readFileSync(`${ROOT}src/clients/typescript/schema.ts`, 'utf8')).toBe(
      await schemaSource(document),
    );
  });

  it('sends and reads ids exactly, small ones as bigints too', async () => {
    const { url } = await start(variables);
    const sluice = createSluiceClient({ baseUrl: url });
    const ids = [1n, 9007199254740993n, LARGEST];
    const { data } = await sluice.POST('/ingest', { body: { ids, priority: 'HIGH' } });
    const path = { ingestion_id: data !== undefined && 'ingestion_id' in data ? data.ingestion_id : '' };
    const { data: status } = await sluice.GET('/status/{ingestion_id}', { params: { path } });
    const { data: none } = await sluice.GET('/status/{ingestion_id}', {
      params: { path, query: { batches: 'none' } },
    });

    expect(status?.batches?.map((batch) => batch.ids)).toEqual([ids]);
    expect(none?.progress.total).toBe(3);
  });

  it('tells of an error as the service does, and rejects where there is no answer', async () => {
    const { url } = await start();
    const sluice = createSluiceClient({ baseUrl: url });
    const { data, error, response } = await sluice.POST('/ingest', { body: { ids: [0n], priority: 'HIGH' } });

    expect([data, response.status]).toEqual([undefined, 400]);
    expect(error).toMatchObject({ status_code: 400, errors: [{ field: 'ids[0]' }] });
    await expect(createSluiceClient({ baseUrl: 'http://127.0.0.1:1' }).GET('/queue')).rejects.toThrow();
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
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', example], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], SLUICE_URL: url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')]);

    expect(printed.trimEnd().split('\n').at(-1)).toBe('completed [ 1n, 2n, 10000000000000000007n ]');
    expect(exitCode).toBe(0);
  });
});
