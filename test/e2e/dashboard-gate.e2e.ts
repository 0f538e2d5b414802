import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import {
  changeLane,
  describeInBrowser,
  idsTo,
  ingest,
  PATIENT,
  useBrowser,
  useProxies,
} from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';

jest.setTimeout(120_000);

/** A lane for each test, so that tests do not affect each other. */
const LANES = `lanes:
  example: { batch_delay: 3600 }
  slow: { batch_delay: 60 }
  quick: { batch_size: 1, batch_delay: 0 }
  crm: { batch_size: 2, batch_delay: 60 }
  stopped: { batch_delay: 60 }
`;

const cards = (page: Page, name: RegExp): Locator => page.getByRole('list', { name }).getByRole('article');
const cardWith = (page: Page, name: RegExp, id: string): Locator =>
  cards(page, name).filter({ has: page.getByTitle(id, { exact: true }) });
/** Extracts the ids of a card; labels of lists have four characters. */
const idsOf = (card: string): string[] => card.split('\n').filter((line) => /^\d{1,3}$/.test(line));

describeInBrowser('The gate in the dashboard', () => {
  const service = useSharedService((folder) => {
    const file = join(folder, 'lanes.yaml');
    writeFileSync(file, LANES);
    return { LANES_FILE: file, MOCK_DELAY_MIN: '0.05', MOCK_DELAY_MAX: '0.1' };
  });
  const open = useBrowser();
  const serveUnder = useProxies();
  const sign = (page: Page): Locator => page.locator('.connection');

  it('shows the contract’s example as it goes through', async () => {
    const page = await open(`${service.url}/#/?lane=example`);
    await page.getByText('No pending ids').waitFor(PATIENT);
    await ingest(service.url, '1,2,3,4,5', 'MEDIUM', 'example');
    await cardWith(page, /^Sent/, '3').waitFor(PATIENT);
    await ingest(service.url, '6,7,8,9', 'HIGH', 'example');
    await cardWith(page, /^Pending/, '9').waitFor(PATIENT);
    const planned = await cards(page, /^Pending/).allInnerTexts();
    expect((await changeLane(service.url, 'example', { batch_delay: 1 })).status).toBe(200);
    await cards(page, /^Sent/).nth(2).waitFor(PATIENT);
    const sent = await cards(page, /^Sent/).allInnerTexts();

    expect(planned.map(idsOf)).toEqual([
      ['6', '7', '8'],
      ['9', '4', '5'],
    ]);
    expect(sent.map(idsOf)).toEqual([
      ['9', '4', '5'],
      ['6', '7', '8'],
      ['1', '2', '3'],
    ]);
    expect(await page.locator('.rule').innerText()).toBe(
      '3 ids every 1 s. HIGH before MEDIUM before LOW; within one, first come, first served.',
    );
  });

  it('moves with the time, and stands still when it is frozen', async () => {
    await ingest(service.url, idsTo(9), 'LOW', 'slow');
    const page = await open(`${service.url}/#/?lane=slow`);
    const card = cards(page, /^Pending/).first();
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

  it('looks back to the first dispatch, page by page', async () => {
    const id = await ingest(service.url, idsTo(120), 'LOW', 'quick');
    const page = await open(`${service.url}/#/ingestions/${id}`);
    await page.locator('.status').filter({ hasText: 'completed' }).first().waitFor(PATIENT);
    await page.goto(`${service.url}/#/?lane=quick`);
    const first = cardWith(page, /^Sent/, '1');
    const earlier = page.getByRole('button', { name: 'Earlier' });
    await earlier.click(PATIENT);
    const leftOf = async (part: string): Promise<number> =>
      Math.round((await page.locator(part).boundingBox())?.x ?? Number.NaN);
    // the pending side begins at the gate, wherever that is: past cards are not shown as pending
    expect(Math.abs((await leftOf('.side.waits')) - (await leftOf('.gate-line')))).toBeLessThan(4);
    while ((await first.count()) === 0) {
      await earlier.click(PATIENT);
    }
    expect(idsOf(await first.innerText())).toEqual(['1']);
  });

  it('shows the lane that is chosen, keeps it in the address, and hands lists over to it', async () => {
    await ingest(service.url, '1,2,3,4', 'HIGH', 'crm');
    const page = await open(`${service.url}/#/`);
    await page.getByRole('radio', { name: /^crm/ }).click(PATIENT);
    await page.getByText('2 ids every 1 min').waitFor(PATIENT);
    expect(page.url()).toContain('lane=crm');
    await page.reload();
    await cards(page, /^Pending/)
      .filter({ hasText: '4' })
      .first()
      .waitFor(PATIENT);
    await page.getByRole('link', { name: 'Submit', exact: true }).click();
    await page.getByLabel('Ids, separated by spaces, commas or new lines').fill('71 72');
    await page.getByRole('button', { name: 'Submit 2 ids' }).click();
    await page.getByText('lane crm', { exact: true }).waitFor(PATIENT);
    await page.getByRole('link', { name: 'Ingestions' }).click();
    const rows = page.getByRole('table').getByRole('row');
    await rows.nth(2).waitFor(PATIENT);
    expect(await rows.count()).toBe(3); // the heading and the rows of this lane alone
    await page.getByRole('link', { name: 'Metrics' }).click();
    await page.getByRole('radio', { name: /^crm/, checked: true }).waitFor(PATIENT);
  });

  it('says so where there is no such lane', async () => {
    const page = await open(`${service.url}/#/?lane=nowhere`);
    await page.getByText('there is no such lane').waitFor(PATIENT);
  });

  it('is paused and resumed lane by lane, asking first', async () => {
    const page = await open(`${service.url}/#/control`);
    const gate = page.locator('.control').filter({ hasText: 'The gate of stopped' });
    await gate.getByRole('button', { name: 'Pause' }).click(PATIENT);
    await page.getByRole('button', { name: 'Keep' }).click();
    await gate.getByRole('button', { name: 'Pause' }).press('Enter');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('heading', { name: 'The gate of stopped is paused' }).waitFor(PATIENT);
    await page.getByRole('heading', { name: 'The gate of slow is open' }).waitFor(PATIENT);
    await page.goto(`${service.url}/#/?lane=stopped`);
    await page.getByRole('timer').filter({ hasText: 'paused' }).waitFor(PATIENT);
    await page.getByRole('link', { name: 'Control' }).click();
    await gate.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('heading', { name: 'The gate of stopped is open' }).waitFor(PATIENT);
  });

  it('says when the connection is lost, asks where nobody tells, and comes back', async () => {
    const proxy = await serveUnder('', service.url);
    const page = await open(proxy.url);
    await sign(page).filter({ hasText: 'Live' }).waitFor(PATIENT);
    await page.route('**/events?*', (route) => route.abort());
    await page.route('**/queue', (route) => route.abort());
    proxy.cut();
    await sign(page).filter({ hasText: 'Connection lost' }).waitFor(PATIENT);
    await page.unroute('**/queue');
    await sign(page).filter({ hasText: 'Polling every second' }).waitFor(PATIENT);
    await page.unroute('**/events?*');
    await sign(page).filter({ hasText: 'Live' }).waitFor(PATIENT);
  });
});
