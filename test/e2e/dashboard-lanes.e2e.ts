import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, idsTo, ingest, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';

jest.setTimeout(120_000);

const LANES = `lanes:
  quick: { batch_delay: 0.2 }
  broken: { url: 'http://127.0.0.1:9/', batch_delay: 0.2, breaker_threshold: 2, breaker_cooldown: 600 }
  stopped: { batch_delay: 0.2 }
`;

const rowOf = (page: Page, lane: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: lane, exact: true }) });

describeInBrowser('The page of all lanes', () => {
  const open = useBrowser();
  const service = useSharedService((folder) => {
    const file = join(folder, 'lanes.yaml');
    writeFileSync(file, LANES);
    return { LANES_FILE: file };
  });

  it('comes first where there are several lanes, and shows each by its cause, live', async () => {
    await fetch(`${service.url}/queue/pause?lane=stopped`, { method: 'POST' });
    await ingest(service.url, idsTo(30), 'LOW', 'broken');
    await ingest(service.url, idsTo(5), 'HIGH', 'stopped');

    const page = await open(service.url);
    await page.getByRole('heading', { level: 1, name: 'Lanes' }).waitFor(PATIENT);
    await rowOf(page, 'broken').filter({ hasText: 'Breaker open' }).waitFor(PATIENT);
    await rowOf(page, 'broken')
      .filter({ hasText: /breaker open since .+, next try at / })
      .waitFor(PATIENT);
    await rowOf(page, 'broken')
      .filter({ hasText: /ago|just now/ })
      .waitFor(PATIENT);
    await rowOf(page, 'stopped').filter({ hasText: 'Paused by an operator since' }).waitFor(PATIENT);
    await rowOf(page, 'quick').filter({ hasText: 'Nothing pending' }).waitFor(PATIENT);
    const summary = page.getByRole('list', { name: 'All lanes' });
    expect(await summary.innerText()).toMatch(/1 not sending\s+1 paused\s+4 lanes/);

    await fetch(`${service.url}/queue/resume?lane=stopped`, { method: 'POST' });
    await rowOf(page, 'stopped').filter({ hasText: 'Nothing pending' }).waitFor(PATIENT);
    expect(await summary.innerText()).not.toContain('paused');
  });

  it('leads to the gate of a lane, which marks a broken lane in its switch and stays after a reload', async () => {
    const page = await open(service.url);
    await page.getByRole('link', { name: 'quick' }).click(PATIENT);
    await page.getByRole('heading', { level: 1, name: 'The gate' }).waitFor(PATIENT);
    expect(page.url()).toContain('lane=quick');
    await page
      .locator('.lane-switch [data-health=broken]')
      .filter({ hasText: 'breaker open' })
      .waitFor(PATIENT);

    await page.getByRole('link', { name: 'Gate', exact: true }).click();
    await page.reload();
    await page.getByRole('timer').waitFor(PATIENT);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('The gate');
  });

  it('leaves the page that was chosen while the lanes were still loaded', async () => {
    const page = await open('about:blank');
    const { promise: chosen, resolve: choose } = Promise.withResolvers<undefined>();
    await page.route('**/whoami', async (route) => {
      await chosen;
      await route.continue();
    });
    await page.goto(service.url);
    await page.evaluate("location.hash = '#/'");
    const lanes = page.waitForResponse('**/whoami');
    choose(undefined);
    await (await lanes).finished();
    await page.getByRole('link', { name: 'Lanes', exact: true }).waitFor(PATIENT);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('The gate');
    expect(page.url()).toMatch(/#\/$/);
  });

  it('has a card for each lane on a phone', async () => {
    const page = await open(service.url, { viewport: { width: 390, height: 844 } });
    await page
      .locator('.lane-card')
      .filter({ hasText: 'broken' })
      .getByText('Breaker open', { exact: true })
      .waitFor(PATIENT);
    expect(await page.getByRole('table').count()).toBe(0);
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBe(390);
  });
});
