import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ServiceProcess } from '../../scripts/demo/service-process.js';
import { describeInBrowser, idsTo, ingest, PATIENT, useBrowser } from '../support/browser.js';
import { useBuiltService } from '../support/built-service.js';
import { freePort } from '../support/free-port.js';
import { startOwnPostgres, type OwnServer } from '../support/postgres.js';
import { useTempFolders } from '../support/temp-folder.js';
import { useUpstream } from '../support/upstream/upstream.js';
import { copyUpgradedBuild } from '../support/upgraded-build.js';

jest.setTimeout(180_000);

const banner = (page: Page) => page.locator('.trouble');
const sign = (page: Page) => page.locator('.connection');
const link = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true });
const GONE = { state: 'hidden', ...PATIENT } as const;

/** Texts that claim all is well, although the dashboard cannot know. */
const HOPEFUL = /No pending ids|Live$|is open|No ingestions yet|No dead letters|Looking|Loading/;

describeInBrowser('The dashboard in trouble', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();
  const open = useBrowser();

  describe('beside a store that is away', () => {
    let server: OwnServer;
    beforeAll(async () => {
      server = await startOwnPostgres();
    });
    afterAll(() => server.stop());

    it('says so on every page, knows nothing, stamps old data, and recovers by itself', async () => {
      const { url } = await start({ DATABASE_URL: server.url, BATCH_DELAY: '60' });
      const page = await open(url);
      await page.getByText('No pending ids').waitFor(PATIENT);
      await sign(page).filter({ hasText: 'Live' }).waitFor(PATIENT);

      await server.crash();
      await banner(page)
        .filter({ hasText: /The store does not answer since .+, retrying\. The data below is as of / })
        .waitFor(PATIENT);
      const texts = [await page.locator('body').innerText()];
      for (const name of ['Metrics', 'Ingestions', 'Dead letters', 'Control', 'Submit', 'Gate']) {
        await link(page, name).click();
        await page.locator('main[data-stale] h1').waitFor(PATIENT);
        texts.push(`${name}: ${await page.locator('body').innerText()}`);
      }
      const fresh = await open(`${url}/#/ingestions`);
      await fresh.getByText('Not known: the store does not answer.').waitFor(PATIENT);
      texts.push(`fresh: ${await fresh.locator('body').innerText()}`);
      await fresh.close();
      expect(texts.filter((text) => HOPEFUL.test(text))).toEqual([]);

      await server.start();
      await banner(page).waitFor(GONE);
      await sign(page).filter({ hasText: 'Live' }).waitFor(PATIENT);
      await ingest(url, idsTo(4), 'HIGH');
      await page
        .getByRole('list', { name: /^Pending/ })
        .getByTitle('4', { exact: true })
        .waitFor(PATIENT);
    });
  });

  it('keeps its navigation when the service goes, and loads a page of the release that comes back', async () => {
    const environment = { HOST: '127.0.0.1', PORT: String(await freePort()), DATA_DIR: newFolder() };
    const before = await start(environment);
    const page = await open(before.url);
    await page.getByText('No pending ids').waitFor(PATIENT);

    await before.kill();
    await banner(page).filter({ hasText: 'The service does not answer since' }).waitFor(PATIENT);
    await link(page, 'Metrics').click();
    await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor(PATIENT);
    await page.getByRole('button', { name: 'Retry' }).click();
    await link(page, 'Gate').click();
    await page.getByRole('heading', { name: 'The gate' }).waitFor(PATIENT);
    await link(page, 'Ingestions').click();
    await page.getByRole('heading', { name: 'This page could not be loaded' }).waitFor(PATIENT);

    const main = copyUpgradedBuild(newFolder());
    const after = await ServiceProcess.start({
      name: 'the upgraded service',
      command: [process.execPath, main],
      environment,
    });
    try {
      await page.getByText('No ingestions yet.').waitFor(PATIENT);
      await banner(page).waitFor(GONE);
      expect(await page.content()).toContain('-upgraded.js');
    } finally {
      await after.kill();
    }
  });

  describe('of the upstream', () => {
    const upstream = useUpstream();

    it('names the hold and the open breaker on every page, and promises no end', async () => {
      const file = join(newFolder(), 'lanes.yaml');
      const address = upstream.urlOf('/process');
      writeFileSync(
        file,
        `lanes:
  held: { url: '${address}', batch_delay: 0.5 }
  broken: { url: 'http://127.0.0.1:9/', batch_delay: 0.2, breaker_threshold: 2, breaker_cooldown: 600 }
`,
      );
      await upstream.play('wait by minutes');
      const { url } = await start({ LANES_FILE: file });
      await ingest(url, idsTo(30), 'LOW', 'held');
      const id = await ingest(url, idsTo(30), 'LOW', 'broken');

      const page = await open(`${url}/#/?lane=broken`);
      await page.getByText(/^The upstream fails: breaker open since/).waitFor(PATIENT);
      await page.getByRole('timer').filter({ hasText: 'breaker' }).waitFor(PATIENT);
      await page.locator('.since [data-why=breaker_open]').waitFor({ state: 'attached', ...PATIENT });
      await page.locator('.waiting-panel').getByText('not known').waitFor(PATIENT);
      await page.goto(`${url}/#/?lane=held`);
      await page.getByText(/^The upstream asked to wait \(Retry-After\)/).waitFor(PATIENT);
      await page.getByRole('timer').filter({ hasText: 'held' }).waitFor(PATIENT);
      await page.goto(`${url}/#/control`);
      const stopped = page.locator('.control[data-health=broken] h2');
      await stopped.filter({ hasText: 'The gate of held is held by the upstream' }).waitFor(PATIENT);
      await stopped.filter({ hasText: 'The gate of broken is stopped by its breaker' }).waitFor(PATIENT);
      await page.goto(`${url}/#/ingestions/${id}`);
      await page.getByText('Lane broken', { exact: true }).waitFor(PATIENT);
      const doneIn = page.locator('.facts > div').filter({ hasText: 'Done in' });
      expect(await doneIn.innerText()).toContain('not known');
    });
  });
});
