import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, jest } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describeInBrowser, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';

jest.setTimeout(120_000);

const COUNT = 600;

describeInBrowser('The page of ingestions', () => {
  const service = useSharedService((folder) => {
    const file = join(folder, 'lanes.yaml');
    writeFileSync(file, 'lanes:\n  slow: { batch_delay: 3600 }\n  other: { batch_delay: 3600 }\n');
    return { LANES_FILE: file };
  });
  const open = useBrowser();
  const ids: string[] = [];
  const rows = (page: Page) => page.getByRole('table', { name: 'Ingestions' }).getByRole('row');
  const state = (page: Page, text: string) => page.getByRole('status').getByText(text, { exact: true });

  beforeAll(async () => {
    const client = new TestClient(service.url);
    for (let from = 0; from < COUNT; from += 50) {
      ids.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, (_, i) =>
            client.submit([from + i + 1], i % 2 === 0 ? 'HIGH' : 'LOW', {
              lane: 'slow',
              labels: { run: String(from + i) },
            }),
          ),
        )),
      );
    }
    await client.submit([1, 2], 'MEDIUM', { lane: 'other' });
  }, 60_000);

  it('shows what its address says, and where it was on Back', async () => {
    const page = await open(`${service.url}/#/ingestions?lane=slow`);
    await page.getByLabel('Priority').selectOption('LOW', PATIENT);
    await page.waitForURL(/priority=LOW/);
    await page
      .getByRole('status')
      .getByText(/^200 ingestions loaded, back to /)
      .waitFor(PATIENT);
    expect(await rows(page).count()).toBeLessThan(80);
    await page.evaluate('window.scrollTo(0, 6000)');
    await page.waitForFunction(`document.querySelectorAll('[role=row]')[20].ariaRowIndex > 100`);
    const link = page.getByRole('row').nth(20).getByRole('link');
    const id = String(await link.textContent());
    const before = await page.evaluate<number>('scrollY');
    await link.click();
    await page.getByRole('heading', { level: 1, name: /^Ingestion / }).waitFor(PATIENT);
    await page.goBack();
    await page.getByRole('link', { name: id }).waitFor(PATIENT);
    await page.waitForFunction(`scrollY === ${String(before)}`);
    expect(await page.getByLabel('Priority').inputValue()).toBe('LOW');
    await page.goBack();
    await page.waitForFunction(`document.querySelectorAll('.filters select')[2].value === ''`);
    expect(await page.evaluate('scrollY')).toBe(0);
  });

  it('loads older ones while one scrolls, and never has more rows than a screen needs', async () => {
    const page = await open(`${service.url}/#/ingestions?lane=slow`);
    await rows(page).nth(10).waitFor(PATIENT);
    for (let step = 0; step < 60; step++) {
      await page.mouse.wheel(0, 1500);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
    await state(page, `${String(COUNT)} ingestions.`).waitFor(PATIENT);
    await page.evaluate('window.scrollTo(0, 1e9)');
    const seen = new Set(ids);
    await page.waitForFunction(
      `[...document.querySelectorAll('[role=row]')].at(-1)?.getAttribute('aria-rowindex') === '${String(COUNT + 1)}'`,
    );
    expect(seen.has(String(await rows(page).last().getByRole('link').textContent()))).toBe(true);
    expect(await rows(page).count()).toBeLessThan(80);
  });

  it('finds lists by mark and by label, and exports what the filter matches', async () => {
    const first = ids.find((id) => /[a-f]/.test(id.slice(-4))) ?? ''; // a mark of digits alone may be an id as well
    const page = await open(`${service.url}/#/ingestions`, { acceptDownloads: true });
    const box = page.getByRole('searchbox', { name: 'Find an ingestion or an id' });
    await box.fill(first.slice(-4).toUpperCase());
    await box.press('Enter');
    await page.getByRole('button', { name: `Remove the mark ${first.slice(-4)}` }).waitFor(PATIENT);
    await page.getByRole('link', { name: first }).waitFor(PATIENT);
    await box.fill('run=7');
    await box.press('Enter');
    await state(page, '1 ingestion.').waitFor(PATIENT);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const lines = readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(file.suggestedFilename()).toBe('ingestions.csv');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(',LOW,slow,,run=7,1,');
  });

  it('says where an id is, to the last digit', async () => {
    const page = await open(`${service.url}/#/ingestions`);
    const box = page.getByRole('searchbox', { name: 'Find an ingestion or an id' });
    await box.fill('10000000000000000007');
    await box.press('Enter');
    await page.getByRole('heading', { name: 'Where is 10000000000000000007?' }).waitFor(PATIENT);
    await page.getByText('No ingestion that is still stored has this id.').waitFor(PATIENT);
    await box.fill('42');
    await box.press('Enter');
    await page.getByRole('link', { name: ids[41] ?? '' }).waitFor(PATIENT);
    await page.getByText(/^6\d\d ids read, all there are\. 1 found\.$/).waitFor(PATIENT);
    await page.getByRole('cell', { name: 'yet to start' }).waitFor(PATIENT);
  });

  it('cancels all that match a filter, says how many that are first, and shows what was done', async () => {
    const client = new TestClient(service.url);
    for (const list of [
      [1, 2],
      [3, 4, 5],
    ]) {
      await client.submit(list, 'LOW', { lane: 'slow', labels: { bulk: 'yes' } });
    }
    const page = await open(`${service.url}/#/ingestions?label=bulk%3Dyes`, { reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'Cancel all that match …' }).click(PATIENT);
    const dialog = page.getByRole('alertdialog', { name: 'Cancel 5 ids?' });
    await dialog.getByText(/^2 ingestions match the filter now;/).waitFor(PATIENT);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map((each) => each.id)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel 5 ids' }).click();
    await page.getByRole('heading', { name: '5 ids cancelled' }).waitFor(PATIENT);
    await page.getByText('Done.').waitFor(PATIENT);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.locator('.status[data-status=cancelled]').nth(1).waitFor(PATIENT);
  });

  it('changes the priority of the rows that are chosen, and cancels them, with the number said first', async () => {
    const client = new TestClient(service.url);
    for (const list of [[1, 2], [3, 4, 5], [6]]) {
      await client.submit(list, 'LOW', { lane: 'slow', labels: { chosen: 'yes' } });
    }
    const page = await open(`${service.url}/#/ingestions?label=chosen%3Dyes`, { reducedMotion: 'reduce' });
    await rows(page).nth(3).waitFor(PATIENT);
    const boxes = page.getByRole('checkbox', { name: /^Choose / });
    await boxes.nth(0).check();
    await boxes.nth(1).click({ modifiers: ['Shift'] });
    await page.getByRole('status').getByText('2 chosen').waitFor(PATIENT);
    await page.getByLabel('Priority of the chosen ones').selectOption('HIGH');
    await page.getByRole('alertdialog', { name: 'Change the priority of 4 ids?' }).waitFor(PATIENT);
    await page.getByRole('button', { name: 'Change the priority of 4 ids' }).click();
    await page.getByRole('heading', { name: '2 of 2 ingestions changed' }).waitFor(PATIENT);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Cancel all that match …' }).waitFor(PATIENT);

    await page.getByRole('checkbox', { name: 'The first 3' }).check();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map((each) => each.id)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel …' }).click();
    await page.getByRole('button', { name: 'Cancel 6 ids' }).click();
    await page.getByText('Done.').waitFor(PATIENT);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.locator('.status[data-status=cancelled]').nth(2).waitFor(PATIENT);
    const { ingestions } = (await (await fetch(`${service.url}/ingestions?label=chosen%3Dyes`)).json()) as {
      ingestions: { priority: string; status: string }[];
    };
    expect(ingestions.map(({ priority, status }) => `${priority} ${status}`)).toEqual([
      'HIGH cancelled',
      'HIGH cancelled',
      'LOW cancelled',
    ]);
  });

  it('tells a filter that nothing matches from a service that refuses', async () => {
    const page = await open(`${service.url}/#/ingestions?status=failed`);
    await page.getByText('No ingestion matches this filter.').waitFor(PATIENT);
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await rows(page).nth(5).waitFor(PATIENT);
    await page.route('**/ingestions?*', (route) =>
      route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"detail":"broken"}' }),
    );
    await page.getByLabel('Priority').selectOption('MEDIUM');
    await page.getByRole('alert').getByText('broken').waitFor(PATIENT);
    expect(await page.getByText(/No ingestion/).count()).toBe(0);
    await page.unroute('**/ingestions?*');
    await state(page, '1 ingestion.').waitFor(PATIENT);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});
