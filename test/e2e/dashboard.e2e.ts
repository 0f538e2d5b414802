import { existsSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { writeKeys } from '../support/api-keys.js';
import { useBuiltService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(120_000);

const CHROMIUM = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));

if (CHROMIUM === undefined) {
  process.stderr.write('SKIPPED: the dashboard, as no Chromium was found (CHROMIUM_PATH names one)\n');
}

const PATIENT = { timeout: 60_000 };
const LARGE_ID = '10000000000000000007';
/** So many bytes of code, as they come over the wire, until the gate is shown. */
const FIRST_LOAD_BYTES = 200_000;

async function ingest(url: string, ids: string, priority: string): Promise<string> {
  const answer = await fetch(`${url}/ingest`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: `{"ids":[${ids}],"priority":"${priority}"}`,
  });
  return ((await answer.json()) as { ingestion_id: string }).ingestion_id;
}

(CHROMIUM === undefined ? describe.skip : describe)('The dashboard', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const proxies: Server[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: String(CHROMIUM),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
    });
  });

  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    for (const proxy of proxies.splice(0)) {
      proxy.closeAllConnections();
      proxy.close();
    }
    expect(errors.splice(0)).toEqual([]);
  });

  afterAll(() => browser.close());

  async function open(address: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address);
    return page;
  }

  /** A proxy that serves the service under a path, as others would. */
  async function serveUnder(prefix: string, url: string): Promise<Server> {
    const server = createServer((incoming, outgoing) => {
      const path = incoming.url?.startsWith(prefix) === true ? incoming.url.slice(prefix.length) : '/nowhere';
      const { method, headers } = incoming;
      const onward = forward(new URL(path, url), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    proxies.push(server);
    return server;
  }

  const layer = (page: Page, name: RegExp) => page.getByRole('list', { name }).getByRole('article');
  const idsOf = (card: string): string[] => card.split('\n').filter((line) => /^\d{1,3}$/.test(line)); // labels of lists have four characters

  it('shows the contract’s example as it goes through the gate', async () => {
    const { url } = await start({ BATCH_DELAY: '3', MOCK_DELAY_MIN: '0.1', MOCK_DELAY_MAX: '0.2' });
    const page = await open(url);
    await page.getByText('Nothing waits').waitFor(PATIENT);
    await ingest(url, '1,2,3,4,5', 'MEDIUM');
    await layer(page, /^Sent/).filter({ hasText: '3' }).first().waitFor(PATIENT);
    await ingest(url, '6,7,8,9', 'HIGH');
    await layer(page, /^Waiting/)
      .filter({ hasText: '9' })
      .first()
      .waitFor(PATIENT);
    const planned = await layer(page, /^Waiting/).allInnerTexts();
    await layer(page, /^Sent/).nth(2).waitFor(PATIENT);
    const sent = await layer(page, /^Sent/).allInnerTexts();

    expect(planned.map(idsOf)).toEqual([
      ['6', '7', '8'],
      ['9', '4', '5'],
    ]);
    expect(sent.map(idsOf)).toEqual([
      ['9', '4', '5'],
      ['6', '7', '8'],
      ['1', '2', '3'],
    ]);
    expect(await page.getByText('3 ids every 3 s').count()).toBe(1);
  });

  it('moves with the time, and stands still when it is frozen', async () => {
    const { url } = await start({ BATCH_DELAY: '5' });
    await ingest(url, Array.from({ length: 30 }, (_, i) => i + 1).join(), 'LOW');
    const page = await open(url);
    const card = layer(page, /^Waiting/).first();
    const placeOf = async (): Promise<number> => (await card.boundingBox())?.x ?? Number.NaN;
    await card.waitFor(PATIENT);
    const before = await placeOf();
    await page.waitForTimeout(300);
    const after = await placeOf();
    await page.getByRole('button', { name: 'Freeze' }).click();
    const frozen = await placeOf();
    await page.waitForTimeout(300);

    expect(after).not.toBe(before);
    expect(await placeOf()).toBe(frozen);
    await page.getByRole('button', { name: 'Live' }).click();
  });

  it('says when the connection is lost, asks where nobody tells, and comes back', async () => {
    const { url } = await start({ BATCH_DELAY: '1' });
    const proxy = await serveUnder('', url);
    const page = await open(addressOf(proxy));
    const sign = page.locator('.connection');
    await sign.filter({ hasText: 'Live' }).waitFor(PATIENT);
    await page.route('**/events', (route) => route.abort());
    await page.route('**/queue', (route) => route.abort());
    proxy.closeAllConnections();
    await sign.filter({ hasText: 'Connection lost' }).waitFor(PATIENT);
    await page.unroute('**/queue');
    await sign.filter({ hasText: 'Asking every second' }).waitFor(PATIENT);
    await page.unroute('**/events');
    await sign.filter({ hasText: 'Live' }).waitFor(PATIENT);
  });

  it('takes pasted ids, tells what is wrong line by line, and follows them to the last digit', async () => {
    const { url } = await start({ BATCH_DELAY: '0', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' });
    const page = await open(`${url}/#/submit`);
    const box = page.getByLabel('Ids, with anything between them');
    await box.fill(`1, 2\nthree; 4\n10000000000000000008`);
    await page.getByText('line 2').waitFor(PATIENT);
    expect(await page.getByRole('list', { name: 'What cannot be sent' }).getByRole('listitem').count()).toBe(
      2,
    );
    expect(await page.getByRole('button', { name: /^Hand over/ }).isDisabled()).toBe(true);
    await box.fill(`1, 2\n${LARGE_ID} | 9007199254740993`);
    await page.getByLabel('HIGH').check();
    await page.getByRole('button', { name: 'Hand over 4 ids' }).click();
    await page.locator('.status').filter({ hasText: 'completed' }).first().waitFor(PATIENT);
    await page.getByRole('tab', { name: 'Results' }).click();
    await page.getByRole('cell', { name: LARGE_ID }).waitFor(PATIENT);

    const batches = await (
      await fetch(`${url}${new URL(page.url()).hash.replace('#/ingestions/', '/status/')}`)
    ).text();
    expect(batches).toContain(`"ids":[1,2,${LARGE_ID}]`);
    expect(batches).toContain('"priority":"HIGH"');
  });

  it('finds, filters and shows ingestions, batch by batch', async () => {
    const { url } = await start({ BATCH_DELAY: '60' });
    const high = await ingest(url, '1,2,3', 'HIGH');
    const low = await ingest(url, '4,5,6,7', 'LOW');
    const page = await open(`${url}/#/ingestions`);
    await page.getByRole('link', { name: high }).waitFor(PATIENT);
    await page.getByLabel('Priority').selectOption('LOW');
    await page.getByRole('link', { name: high }).waitFor({ state: 'detached', ...PATIENT });
    await page.getByRole('link', { name: low }).waitFor(PATIENT);
    await page.getByLabel('An ingestion’s id').fill(low);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('button', { name: /^Batch 1/ }).press('ArrowRight');
    await page.getByText('Batch 2', { exact: true }).waitFor(PATIENT);
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('Listening').waitFor(PATIENT);
  });

  it('takes a file of a million ids, and shows it as a map', async () => {
    const { url } = await start({ BATCH_DELAY: '1' });
    const page = await open(`${url}/#/submit`);
    const ids = Array.from({ length: 1_000_000 }, (_, i) => String(BigInt(LARGE_ID) - BigInt(i))).join('\n');
    await page.locator('input[type=file]').setInputFiles({
      name: 'million.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`id\n${ids}\n`),
    });
    await page.getByRole('button', { name: 'Hand over 1,000,000 ids' }).click(PATIENT);
    await page.getByRole('button', { name: /^Batches 1 to \d+,/ }).waitFor(PATIENT);
    await page.getByTitle(LARGE_ID).waitFor(PATIENT);

    expect(
      await page.getByRole('group', { name: 'Batches' }).getByRole('button').count(),
    ).toBeLessThanOrEqual(600);
  });

  it('groups dead letters by their error and sends them again', async () => {
    const { url } = await start({
      BATCH_DELAY: '0',
      MOCK_ERROR_RATE: '1',
      MAX_ATTEMPTS: '1',
      MOCK_DELAY_MAX: '1',
    });
    await ingest(url, `1,2,${LARGE_ID}`, 'HIGH');
    const page = await open(`${url}/#/dead-letters`);
    await page.getByText('3 ids of 1 list').waitFor(PATIENT);
    await page.getByText('Show them').click();
    await page.getByRole('cell', { name: LARGE_ID }).waitFor(PATIENT);
    await page.getByRole('button', { name: 'Redrive all', exact: true }).click();
    await page.getByRole('button', { name: 'Send all again' }).click();
    await page.getByText('3 ids go out again').waitFor(PATIENT);
  });

  it('pauses and resumes the gate, asking first; the gate shows it', async () => {
    const { url } = await start({ BATCH_DELAY: '1' });
    const page = await open(`${url}/#/control`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('heading', { name: 'The gate is paused' }).waitFor(PATIENT);
    await page.getByRole('link', { name: 'Gate', exact: true }).click();
    await page.getByRole('timer').filter({ hasText: 'paused' }).waitFor(PATIENT);
    await page.getByRole('link', { name: 'Control' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('heading', { name: 'The gate is open' }).waitFor(PATIENT);
  });

  it('asks for a key where keys are on, keeps it out of addresses, and forgets it with the tab', async () => {
    const file = join(newFolder(), 'keys.yaml');
    const keys = await writeKeys(file, { operator: ['admin'], reader: ['read'] });
    const { url } = await start({ API_KEYS_FILE: file });
    const page = await open(url);
    const login = async (key: string): Promise<void> => {
      await page.getByLabel('API key').fill(key);
      await page.getByRole('button', { name: 'Log in' }).click();
    };
    await login('not a key');
    await page.getByText('does not know this key').waitFor(PATIENT);
    await login(keys.operator);
    await page.getByText('Nothing waits').waitFor(PATIENT);
    const kept = await page.evaluate('[location.href, JSON.stringify(localStorage)].join()');
    expect(kept).not.toContain(keys.operator);

    await page.getByRole('button', { name: 'Log out' }).click();
    await login(keys.reader);
    await page.getByText('This key may not see the gate as a whole').waitFor(PATIENT);
  });

  it('is small, kept by browsers for good, and asks no other host', async () => {
    const { url } = await start();
    const bytes: number[] = [];
    const others: string[] = [];
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) {
        others.push(request.url());
      }
    });
    page.on('response', (response) => {
      bytes.push(Number(response.headers()['content-length'] ?? 0));
    });
    await page.goto(url);
    await page.getByText('Nothing waits').waitFor(PATIENT);
    const index = await fetch(url);
    const [, script] = /src="\.\/(assets\/[^"]+\.js)"/.exec(await index.text()) ?? [];
    const asset = await fetch(`${url}/${String(script)}`, { headers: { 'Accept-Encoding': 'br' } });

    expect(others).toEqual([]);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_BYTES);
    expect(index.headers.get('cache-control')).toBe('no-cache');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-encoding')).toBe('br');
    expect((await fetch(`${url}/assets/unknown.js`)).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });

  it('works under a prefix', async () => {
    const { url } = await start();
    const page = await open(`${addressOf(await serveUnder('/gate', url))}/gate/`);
    await page.locator('.connection').filter({ hasText: 'Live' }).waitFor(PATIENT);
    await page.getByRole('link', { name: 'Now' }).click();
    await page.getByRole('heading', { name: 'Now' }).waitFor(PATIENT);
  });

  const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

  it.each(['light', 'dark'] as const)('has nothing that axe finds, in %s', async (colorScheme) => {
    const { url } = await start({
      BATCH_DELAY: '1',
      MOCK_ERROR_RATE: '0.5',
      MAX_ATTEMPTS: '1',
      MOCK_DELAY_MAX: '1',
    });
    const id = await ingest(url, Array.from({ length: 60 }, (_, i) => i + 1).join(), 'LOW');
    await ingest(url, '100,101,102,103', 'MEDIUM');
    await ingest(url, '200', 'HIGH');
    const page = await open(url, { colorScheme, reducedMotion: 'reduce' });
    await layer(page, /^Sent/).nth(2).waitFor(PATIENT);
    const found: string[] = [];
    for (const path of [
      '',
      'now',
      'ingestions',
      `ingestions/${id}`,
      'submit',
      'dead-letters',
      'control',
      'nowhere',
    ]) {
      await page.goto(`${url}/#/${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
      await page.waitForTimeout(300);
      const axe = new AxeBuilder({ page });
      // nothing but the colours differs in the dark
      const { violations } = await (
        colorScheme === 'light' ? axe.withTags(STANDARDS) : axe.withRules(['color-contrast'])
      ).analyze();
      for (const { id: rule, nodes } of violations) {
        found.push(`${path}: ${rule}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
      }
    }
    expect(found).toEqual([]);
  });

  it.each([390, 1024, 1600])('fits a screen that is %d wide', async (width) => {
    const { url } = await start({ BATCH_DELAY: '5' });
    const id = await ingest(url, `${LARGE_ID},2,3,4,5`, 'HIGH');
    const page = await open(url, { viewport: { width, height: 800 } });
    await layer(page, /^Sent/).first().waitFor(PATIENT);
    const over: string[] = [];
    for (const path of ['', 'now', 'ingestions', `ingestions/${id}`, 'submit', 'dead-letters', 'control']) {
      await page.goto(`${url}/#/${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor(PATIENT);
      const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
      if (wide > width) {
        over.push(`${path}: ${String(wide)}`);
      }
    }
    expect(over).toEqual([]);
  });
});

function addressOf(server: Server): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
