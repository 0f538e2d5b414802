import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { writeKeys } from '../support/api-keys.js';
import { describeInBrowser, idsTo, ingest, PATIENT, useBrowser, useProxies } from '../support/browser.js';
import { useBuiltService, useSharedService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(120_000);

const LARGE_ID = '10000000000000000007';
/** The limit for the bytes of code, as transferred, until the gate is shown. */
const FIRST_LOAD_BYTES = 200_000;
/** The pages by path, with the heading of each. */
const PAGES = {
  '': 'The gate',
  lanes: 'Lanes',
  now: 'Metrics',
  ingestions: 'Ingestions',
  submit: 'Submit',
  'dead-letters': 'Dead letters',
  webhooks: 'Webhooks',
  audit: 'Audit',
  control: 'Control',
  nowhere: 'Nothing here',
};
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'experimental'];

/** Finds the rules that a page breaks. */
async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  const results = await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`);
  const { violations } = results as AxeResults;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
}

/** Waits for the heading, because the router shows the old page until the code of the new one is loaded. */
async function goTo(page: Page, path: string, heading: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${path}'`);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor(PATIENT);
  await page
    .locator('main')
    .getByText('Loading …')
    .waitFor({ state: 'detached', ...PATIENT });
}

describeInBrowser('The dashboard', () => {
  const open = useBrowser();
  const serveUnder = useProxies();

  describe('of a service without keys', () => {
    const service = useSharedService(() => ({
      BATCH_DELAY: '0.5',
      MOCK_ERROR_RATE: '0.3',
      MAX_ATTEMPTS: '1',
      MOCK_DELAY_MIN: '0.1',
      MOCK_DELAY_MAX: '0.2',
    }));

    it('is small, kept by browsers for good, and asks no other host', async () => {
      const page = await open('about:blank');
      const bytes: number[] = [];
      const hosts = new Set<string>();
      page.on('request', (request) => hosts.add(new URL(request.url()).origin));
      page.on('response', (response) => {
        bytes.push(Number(response.headers()['content-length'] ?? 0));
      });
      await page.goto(service.url);
      await page.getByRole('timer').waitFor(PATIENT);
      const firstLoad = bytes.reduce((sum, size) => sum + size, 0);
      for (const name of ['Metrics', 'Ingestions', 'Submit', 'Dead letters', 'Control']) {
        await page.getByRole('link', { name, exact: true }).click();
        await page.getByRole('heading', { level: 1, name }).waitFor(PATIENT);
      }
      const index = await fetch(service.url);
      const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(await index.text()) ?? [];
      const asset = await fetch(`${service.url}/${String(script)}`, { headers: { 'Accept-Encoding': 'br' } });

      expect([...hosts]).toEqual([service.url]);
      expect(firstLoad).toBeLessThan(FIRST_LOAD_BYTES);
      expect(index.headers.get('cache-control')).toBe('no-cache');
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(asset.headers.get('content-encoding')).toBe('br');
      expect((await fetch(`${service.url}/assets/unknown.js`)).status).toBe(404);
      expect((await fetch(service.url, { method: 'POST' })).status).toBe(405);
    });

    it('works under a prefix', async () => {
      const { url } = await serveUnder('/gate', service.url);
      const page = await open(`${url}/`);
      await page.locator('.connection').filter({ hasText: 'Live' }).waitFor(PATIENT);
      await page.getByRole('link', { name: 'Metrics' }).click();
      await page.getByRole('heading', { name: 'Metrics' }).waitFor(PATIENT);
    });

    it('offers no choice of lanes where there is one', async () => {
      const page = await open(`${service.url}/#/control`);
      await page.getByRole('heading', { name: 'The gate is open' }).waitFor(PATIENT);
      await page.getByRole('link', { name: 'Gate', exact: true }).click();
      await page.getByRole('timer').waitFor(PATIENT);
      expect(await page.getByRole('group', { name: 'Lane' }).count()).toBe(0);
    });

    it('has nothing that axe finds, on any page, in light and dark', async () => {
      const id = await ingest(service.url, idsTo(60), 'LOW');
      await ingest(service.url, '100,101,102,103', 'MEDIUM');
      await ingest(service.url, `200,${LARGE_ID}`, 'HIGH');
      const page = await open(service.url, { reducedMotion: 'reduce' });
      await page.getByRole('list', { name: /^Sent/ }).getByRole('article').nth(2).waitFor(PATIENT);
      await page.evaluate(axe.source);
      const found: string[] = [];
      for (const [path, heading] of Object.entries({ ...PAGES, [`ingestions/${id}`]: 'Ingestion ' })) {
        await goTo(page, path, heading);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          found.push(...(await violationsOn(page)).map((each) => `${path} in ${colorScheme}: ${each}`));
        }
      }
      expect(found).toEqual([]);
    });

    it('fits a phone, a tablet and a wide screen', async () => {
      const id = await ingest(service.url, `${LARGE_ID},2,3,4,5`, 'HIGH');
      const page = await open(service.url);
      await page.getByRole('list', { name: /^Sent/ }).getByRole('article').first().waitFor(PATIENT);
      const over: string[] = [];
      for (const [path, heading] of Object.entries({ ...PAGES, [`ingestions/${id}`]: 'Ingestion ' })) {
        await goTo(page, path, heading);
        for (const width of [390, 1024, 1600]) {
          await page.setViewportSize({ width, height: 800 });
          const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
          if (wide > width) {
            over.push(`${path}: ${String(wide)} at ${String(width)}`);
          }
        }
      }
      expect(over).toEqual([]);

      await page.setViewportSize({ width: 390, height: 800 });
      const tabs = await page.getByRole('tab').all();
      const boxes = await Promise.all(tabs.map((tab) => tab.boundingBox()));
      expect(new Set(boxes.map((box) => box?.y)).size).toBe(1);
      expect(Math.max(...boxes.map((box) => (box?.x ?? 0) + (box?.width ?? 0)))).toBeLessThan(390);
    });
  });

  describe('of a service with keys', () => {
    const start = useBuiltService();
    const newFolder = useTempFolders();

    it('asks for a key, keeps it out of addresses and the disk, and offers what it may do', async () => {
      const folder = newFolder();
      const [file, lanes] = [join(folder, 'keys.yaml'), join(folder, 'lanes.yaml')];
      const keys = await writeKeys(file, {
        operator: ['admin'],
        observer: ['observe'],
        reader: ['read'],
        sender: ['submit'],
      });
      writeFileSync(lanes, 'lanes: { crm: {} }\n');
      const { url } = await start({ API_KEYS_FILE: file, LANES_FILE: lanes });
      const page = await open(url);
      const addresses: string[] = [];
      page.on('request', (request) => addresses.push(request.url()));
      const login = async (key: string): Promise<void> => {
        await page.getByLabel('API key').fill(key);
        await page.getByRole('button', { name: 'Log in' }).click();
      };
      const offered = () => page.getByRole('navigation').getByRole('link').allInnerTexts();
      await login('not a key');
      await page.getByText('does not know this key').waitFor(PATIENT);
      await login(keys.operator);
      await page.getByText('Nothing pending').first().waitFor(PATIENT);
      const kept = await page.evaluate(
        '[location.href, document.cookie, JSON.stringify(localStorage)].join()',
      );
      expect([kept, ...addresses].join(' ')).not.toContain(keys.operator);
      expect(await offered()).toHaveLength(9);

      await page.getByRole('button', { name: 'Log out' }).click();
      await login(keys.observer);
      await page.getByText('Read-only', { exact: true }).waitFor(PATIENT);
      expect(await offered()).toEqual([
        'Lanes',
        'Gate',
        'Metrics',
        'Ingestions',
        'Dead letters',
        'Webhooks',
        'Audit',
        'Control',
      ]);
      await page.goto(`${url}/#/control`);
      const pause = page.getByRole('button', { name: 'Pause' });
      await pause.first().waitFor(PATIENT);
      expect([await pause.count(), await pause.first().isDisabled()]).toEqual([2, true]);
      expect(await page.getByTitle('This needs a key with the scope admin').count()).toBe(3);
      const body = JSON.stringify({ ids: [1], priority: 'LOW' });
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${keys.operator}` };
      expect((await fetch(`${url}/ingest`, { method: 'POST', headers, body })).ok).toBe(true);
      await page.goto(`${url}/#/ingestions`);
      const cancel = page.getByRole('button', { name: 'Cancel all that match …' });
      await cancel.waitFor(PATIENT);
      expect(await cancel.isDisabled()).toBe(true);
      expect(await page.getByTitle('This needs a key with the scope admin').count()).toBe(2);
      await page.goto(`${url}/#/`);

      await page.getByRole('button', { name: 'Log out' }).click();
      await login(keys.reader);
      await page.getByText('needs a key with the scope observe').waitFor(PATIENT);
      expect(await offered()).toEqual(['Ingestions']);
      for (const path of ['now', 'control', 'dead-letters', 'submit']) {
        await page.goto(`${url}/#/${path}`);
        await page.getByText('needs a key with the scope').waitFor(PATIENT);
      }
      await page.getByRole('navigation').getByRole('link', { name: 'Ingestions' }).click();
      await page.getByText('No ingestions yet').waitFor(PATIENT);

      await page.getByRole('button', { name: 'Log out' }).click();
      await login(keys.sender);
      await page.getByRole('navigation').getByRole('link', { name: 'Submit' }).click(PATIENT);
      expect(await offered()).toEqual(['Submit']);
      await page.getByRole('radio', { name: 'crm', exact: true }).click(PATIENT); // without the ids pending there
      await page.getByLabel('Ids, separated by spaces, commas or new lines').fill('1 2');
      await page.getByRole('button', { name: 'Submit 2 ids' }).click();
      await page.getByText('Accepted as').waitFor(PATIENT);
      const { ingestions } = (await (
        await fetch(`${url}/ingestions`, { headers: { 'x-api-key': keys.operator } })
      ).json()) as { ingestions: { lane: string }[] };
      expect(ingestions.map(({ lane }) => lane)).toEqual(['crm', 'default']);
    });
  });
});
