import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeInBrowser, usePages } from '../support/browser.js';
import { useBuiltService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(90_000);

const ROOT = join(import.meta.dirname, '../..');

/** Submits a list, follows it and reads its results, as a page of an application would. */
const PROGRAM = `
import { createSluiceClient, SluiceApiError } from '@sluice/client';

window.main = async (baseUrl) => {
  const sluice = createSluiceClient({ baseUrl });
  const { ingestion_id: id } = await sluice.submit({ ids: [1, 9007199254740993n], priority: 'HIGH' });
  const { status } = await sluice.waitUntilDone(id);
  const seen = [status];
  for await (const result of sluice.results(id)) {
    seen.push(String(result.id));
  }
  for await (const event of sluice.events(id)) {
    seen.push(event.type);
  }
  const error = await sluice.waitUntilDone('no-such-id').catch((error) => error);
  return [...seen, error instanceof SluiceApiError && error.status];
};
`;
const PAGE = `<!doctype html>
<script type="importmap">{"imports":{"@sluice/client":"/client.js","openapi-fetch":"/openapi-fetch.js"}}</script>
<script type="module">${PROGRAM}</script>`;

describeInBrowser('The client in a browser', () => {
  const newFolder = useTempFolders();
  const start = useBuiltService();
  const newPage = usePages();
  let pages: Server;

  beforeAll(async () => {
    const folder = newFolder();
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build-client.ts'), folder]);
    const client = readFileSync(join(folder, 'index.js'));
    const openapiFetch = readFileSync(join(ROOT, 'node_modules/openapi-fetch/dist/index.mjs'));
    pages = createServer(({ url }, response) => {
      const script = { '/client.js': client, '/openapi-fetch.js': openapiFetch }[url ?? ''];
      response.setHeader('Content-Type', script === undefined ? 'text/html' : 'text/javascript');
      response.end(script ?? PAGE);
    });
    await new Promise<void>((resolve) => {
      pages.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(() => {
    pages.close();
  });

  it('submits a list from the page of another origin, follows it, and reads exact ids', async () => {
    const origin = `http://127.0.0.1:${String((pages.address() as AddressInfo).port)}`;
    const service = await start({
      CORS_ORIGINS: origin,
      BATCH_DELAY: '0',
      MOCK_DELAY_MIN: '0',
      MOCK_DELAY_MAX: '0',
    });
    const page = await newPage();
    await page.goto(origin);
    await page.waitForFunction('window.main !== undefined');

    expect(await page.evaluate(`window.main(${JSON.stringify(service.url)})`)).toEqual([
      'completed',
      '1',
      '9007199254740993',
      'status',
      'batch',
      'progress',
      'done',
      404,
    ]);
  });
});
