import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { writeKeys } from '../support/api-keys.js';
import { describeInBrowser, usePages } from '../support/browser.js';
import { useBuiltService, useSharedService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

/** Runs in the page and acts as an injected script. True if the browser prevented it. */
const TRY_A_SCRIPT = `(() => {
  const script = document.createElement('script');
  script.textContent = 'document.title = "taken over"';
  document.head.append(script);
  return document.title !== 'taken over';
})()`;
const LONGEST_MS = 180_000;
const LARGE_IDS = ['9007199254740993', '10000000000000000007'];

interface Opened {
  readonly page: Page;
  readonly outside: readonly string[];
  readonly refused: readonly string[];
}

describeInBrowser('In a browser', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();
  const service = useSharedService(() => ({}));
  const newPage = usePages(afterAll);
  const opened = new Map<string, Promise<Opened>>();

  /** Opens a page of the service that all tests share, once: Swagger UI takes seconds to resolve the document. */
  function openOnce(path: string): Promise<Opened> {
    const page = opened.get(path) ?? open(service.url + path);
    opened.set(path, page);
    return page;
  }

  /** Opens a page and records its requests to other hosts and its CSP violations. */
  async function open(address: string): Promise<Opened> {
    const page = await newPage({ viewport: { width: 1280, height: 1600 } });
    const outside: string[] = [];
    const refused: string[] = [];
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) {
        refused.push(message.text());
      }
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(address).origin) {
        outside.push(request.url());
      }
    });
    await page.goto(address);
    return { page, outside, refused };
  }

  it(
    'Swagger UI sends and shows large ids to the last digit',
    async () => {
      const { page, outside } = await openOnce('/docs');

      const ingest = page.locator('[id$="-submitIngestion"].opblock');
      await ingest.locator('.opblock-summary').first().click();
      await ingest
        .locator('.examples-select select, select.examples-select-element')
        .first()
        .selectOption('large');
      await ingest.locator('button.execute').click();
      const answer = ingest.locator('.live-responses-table .highlight-code').first();
      const [, ingestionId] = /"ingestion_id": "([0-9a-f-]{36})"/.exec(await answer.innerText()) ?? [];
      expect(ingestionId).toBeDefined();

      const status = page.locator('[id$="-getStatus"].opblock');
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
    'Swagger UI sends nothing that was not filled in: a list is accepted and found as the page stands',
    async () => {
      const { page } = await openOnce('/docs');
      const executed = async (operation: string): Promise<string> => {
        const block = page.locator(`[id$="-${operation}"].opblock`);
        await block.locator('.opblock-summary').first().click();
        await block.locator('button.execute').click();
        return block.locator('.live-responses-table .highlight-code').first().innerText();
      };

      const accepted = await executed('submitStream');
      const [, ingestionId] = /"ingestion_id": "([0-9a-f-]{36})"/.exec(accepted) ?? [];
      expect(accepted).toContain('"total": 3');
      expect(await executed('listIngestions')).toContain(ingestionId);
    },
    LONGEST_MS,
  );

  it(
    'ReDoc shows the limits to the last digit',
    async () => {
      const { page, outside } = await openOnce('/redoc');
      // the schema, not the prose, which contains the number too
      await page.getByText('[ 1 .. 10000000000000000007 ]').first().waitFor();
      expect(await page.locator('body').innerText()).not.toMatch(/1e\+19|10000000000000000000/);
      expect(outside).toEqual([]);
    },
    LONGEST_MS,
  );

  it(
    'Swagger UI filters operations, and offers to try no stream that never ends',
    async () => {
      const { page } = await openOnce('/docs');
      const watch = page.locator('[id$="-watchLane"].opblock');
      await watch.locator('.opblock-summary').first().click();
      await watch.getByText('curl -N').waitFor();
      expect(await watch.locator('button.execute, button.try-out__btn').count()).toBe(0);
      await page.locator('.operation-filter-input').fill('webhooks');
      await page.locator('[id$="-listWebhookDeliveries"].opblock').waitFor();
      await page.locator('[id$="-submitIngestion"].opblock').waitFor({ state: 'detached' });
    },
    LONGEST_MS,
  );

  it(
    'every page does its work under its Content-Security-Policy',
    async () => {
      const found: unknown[] = [];
      for (const [path, shown] of [
        ['/', 'nav, main'],
        ['/docs', '.opblock'],
        ['/redoc', 'h1'],
      ] as const) {
        const { page, refused } = await openOnce(path);
        await page.locator(shown).first().waitFor();
        const isKept = await page.evaluate(TRY_A_SCRIPT);
        found.push([path, isKept, refused.filter((text) => !text.includes('inline'))]);
      }
      expect(found).toEqual([
        ['/', true, []],
        ['/docs', true, []],
        ['/redoc', true, []],
      ]);
    },
    LONGEST_MS,
  );

  it(
    'Swagger UI asks with the key that Authorize was given',
    async () => {
      const file = join(newFolder(), 'keys.yaml');
      const { reader } = await writeKeys(file, { reader: ['read'] });
      const { url } = await start({ API_KEYS_FILE: file });
      const { page } = await open(`${url}/docs`);
      const whoAmI = page.locator('[id$="-getCaller"].opblock');
      await whoAmI.locator('.opblock-summary').first().click();
      await page.locator('button.authorize').first().click();
      await page.locator('.auth-container input').first().fill(reader);
      await page.locator('.auth-container button.authorize').first().click();
      await page.locator('.btn-done').first().click();
      await whoAmI.locator('button.execute').click();
      const answer = whoAmI.locator('.live-responses-table .highlight-code').first();
      expect(await answer.innerText()).toContain('"client": "reader"');
    },
    LONGEST_MS,
  );

  it(
    'a page of an origin that is named may read, another may not',
    async () => {
      const pages = createServer((_request, response) =>
        response.end('<!doctype html><title>a page</title>'),
      );
      await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
      const { port } = pages.address() as AddressInfo;
      const named = `http://127.0.0.1:${String(port)}`;
      const { url } = await start({ CORS_ORIGINS: named });
      const read = async (origin: string): Promise<string> => {
        const { page } = await open(origin);
        return page.evaluate(
          (address) =>
            fetch(address, { headers: { 'x-api-key': 'k' } }).then(
              (response) => String(response.status),
              () => 'refused',
            ),
          `${url}/queue`,
        );
      };
      expect([await read(named), await read(`http://localhost:${String(port)}`)]).toEqual(['200', 'refused']);
      pages.closeAllConnections();
      pages.close();
    },
    LONGEST_MS,
  );
});
