import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { useBuiltService } from '../support/built-service.js';

const CHROMIUM = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));

const LONGEST_MS = 60_000;
const LARGE_IDS = ['9007199254740993', '10000000000000000007'];

if (CHROMIUM === undefined) {
  process.stderr.write('SKIPPED: the browser tests, as no Chromium was found (CHROMIUM_PATH names one)\n');
}

(CHROMIUM === undefined ? describe.skip : describe)('In a browser', () => {
  const start = useBuiltService();
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: String(CHROMIUM),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
  }, LONGEST_MS);

  afterAll(() => browser.close());

  /** A page, and what it asks of other hosts. */
  async function open(address: string): Promise<{ page: Page; outside: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1600 } });
    const outside: string[] = [];
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(address).origin) {
        outside.push(request.url());
      }
    });
    await page.goto(address);
    return { page, outside };
  }

  it(
    'Swagger UI sends and shows large ids to the last digit',
    async () => {
      const { url } = await start();
      const { page, outside } = await open(`${url}/docs`);

      const ingest = page.locator('[id$="_ingest"].opblock');
      await ingest.locator('.opblock-summary').first().click();
      await ingest
        .locator('.examples-select select, select.examples-select-element')
        .first()
        .selectOption('large');
      await ingest.locator('button.execute').click();
      const answer = ingest.locator('.live-responses-table .highlight-code').first();
      const [, ingestionId] = /"ingestion_id": "([0-9a-f-]{36})"/.exec(await answer.innerText()) ?? [];
      expect(ingestionId).toBeDefined();

      const status = page.locator('[id$="_status"].opblock');
      await status.locator('.opblock-summary').first().click();
      await status.locator('input[placeholder="ingestion_id"]').fill(String(ingestionId));
      await status.locator('button.execute').click();
      const shown = await status.locator('.live-responses-table .highlight-code').first().innerText();
      for (const id of LARGE_IDS) {
        expect(shown).toContain(id);
      }
      expect(outside).toEqual([]);
    },
    LONGEST_MS,
  );

  it(
    'ReDoc shows the limits to the last digit',
    async () => {
      const { url } = await start();
      const { page, outside } = await open(`${url}/redoc`);
      // not the prose, which has the number too
      await page.getByText('[ 1 .. 10000000000000000007 ]').first().waitFor();
      expect(await page.locator('body').innerText()).not.toMatch(/1e\+19|10000000000000000000/);
      expect(outside).toEqual([]);
    },
    LONGEST_MS,
  );
});
