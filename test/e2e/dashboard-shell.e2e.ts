import { expect, it, jest } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describeInBrowser, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';

jest.setTimeout(120_000);

async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results: AxeResults = await page.evaluate('axe.run(document)');
  return results.violations.map(({ id }) => id);
}

describeInBrowser('The header of the dashboard', () => {
  const open = useBrowser();
  const service = useSharedService(() => ({ BATCH_DELAY: '60' }));
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

  it('tells the version, the store and the keys, and opens pages by them', async () => {
    const page = await open(service.url);
    await page.getByText('No pending ids').waitFor(PATIENT);
    await page.keyboard.press('?');
    const about = page.getByRole('dialog', { name: 'About Sluice' });
    await about.getByText('SQLite at').waitFor(PATIENT);
    expect(await about.innerText()).toMatch(/Version\s+\d+\.\d+\.\d+[^]*Replicas\s+1\s/);
    expect(await violationsOn(page)).toEqual([]);
    const docs = await about.getByRole('link', { name: 'Swagger UI' }).getAttribute('href');
    expect((await fetch(String(docs))).status).toBe(200);
    await page.keyboard.press('Escape');
    await about.waitFor({ state: 'detached', ...PATIENT });

    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await heading(page, 'Metrics').waitFor(PATIENT);
    expect(await page.title()).toBe('Metrics · Sluice');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await heading(page, 'Audit').waitFor(PATIENT);
    await page.keyboard.press('/');
    await page.keyboard.type('gm?');
    await heading(page, 'Audit').waitFor(PATIENT);
    expect(await page.getByLabel('Client').inputValue()).toBe('gm?');
  });

  it('has all pages in a menu on a phone', async () => {
    const page = await open(service.url, { viewport: { width: 390, height: 844 } });
    await page.getByText('No pending ids').waitFor(PATIENT);
    const menu = page.locator('.menu-button');
    expect(await menu.innerText()).toContain('Gate');
    const links = page.getByRole('navigation').getByRole('link');
    expect(await links.count()).toBe(0);
    await menu.click();
    expect(await links.allInnerTexts()).toContain('Control');
    const boxes = await Promise.all((await links.all()).map((link) => link.boundingBox()));
    expect(Math.max(...boxes.map((box) => (box?.x ?? 999) + (box?.width ?? 0)))).toBeLessThanOrEqual(390);
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await links.count()).toBe(0);
    await menu.click();
    await links.filter({ hasText: 'Control' }).click();
    await heading(page, 'Control').waitFor(PATIENT);
    expect(await links.count()).toBe(0);
  });
});
