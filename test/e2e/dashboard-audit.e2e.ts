import { expect, it, jest } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import { describeInBrowser, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';

jest.setTimeout(120_000);

describeInBrowser('The pages Webhooks and Audit', () => {
  const open = useBrowser();
  const service = useSharedService(() => ({
    BATCH_DELAY: '0',
    WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
    CALLBACK_ALLOW: '127.0.0.1',
  }));

  it('show a delivery with its last error, resend it, and who did that; filters stay in the address', async () => {
    const callback = { callback_url: 'http://127.0.0.1:9/hook' };
    const id = await new TestClient(service.url).submit([1], 'HIGH', callback);
    const page = await open(`${service.url}/#/webhooks`);
    const rows = page.locator('.delivery-table tbody tr');
    await rows.filter({ hasText: /pending.+127\.0\.0\.1:9\/hook.+(ago|just now)/s }).waitFor(PATIENT);

    await page.getByLabel('State').selectOption('delivered');
    await page.getByText('No deliveries match the filter.').waitFor(PATIENT);
    expect(page.url()).toContain('state=delivered');
    await page.reload();
    await page.getByText('No deliveries match the filter.').waitFor(PATIENT);
    await page.goto(`${service.url}/#/webhooks?list=${id}`);
    await rows.first().waitFor(PATIENT);
    expect(await page.getByLabel('Ingestion id').inputValue()).toBe(id);

    await page.getByRole('button', { name: /^Resend/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Resend' }).click();
    await page.getByText('is sent again').waitFor(PATIENT);

    await fetch(`${service.url}/queue/pause`, { method: 'POST' });
    await page.getByRole('link', { name: 'Audit' }).click();
    const entries = page.locator('.audit-table tbody tr');
    await entries.filter({ hasText: 'paused a lane' }).waitFor(PATIENT);
    await entries.filter({ hasText: 'resent a webhook' }).filter({ hasText: '127.0.0.1' }).waitFor(PATIENT);
    await page.getByLabel('Action').selectOption('pause_lane');
    await entries.filter({ hasText: 'resent a webhook' }).waitFor({ state: 'detached', ...PATIENT });
    expect(await entries.count()).toBe(1);
    expect(page.url()).toContain('action=pause_lane');

    await page.getByLabel('To', { exact: true }).fill('2020-01-01T00:00');
    await page.getByText('No entries match the filter.').waitFor(PATIENT);
    await page.reload();
    await page.getByText('No entries match the filter.').waitFor(PATIENT);
    await page.getByLabel('To', { exact: true }).fill('');
    await page.getByLabel('From', { exact: true }).fill('2020-01-01T00:00');
    await entries.filter({ hasText: 'paused a lane' }).waitFor(PATIENT);
    expect(page.url()).toMatch(/action=pause_lane.*from=/);
    await page.getByRole('button', { name: 'Clear' }).click();
    await entries.filter({ hasText: 'resent a webhook' }).waitFor(PATIENT);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map((each) => each.id)).toEqual([]);
  });
});
