import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, idsTo, ingest, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';

jest.setTimeout(120_000);

const gateOf = (page: Page, lane: string) =>
  page.locator('.control').filter({ has: page.getByRole('heading', { name: `The gate of ${lane}` }) });

describeInBrowser('The page Control', () => {
  const open = useBrowser();
  const service = useSharedService((folder) => {
    const file = join(folder, 'lanes.yaml');
    writeFileSync(
      file,
      'lanes: { crm: { batch_size: 10, batch_delay: 60 }, raced: { batch_delay: 60 }, stopped: {} }\n',
    );
    return { LANES_FILE: file };
  });

  const change = (lane: string, settings: object) =>
    fetch(`${service.url}/lanes/${lane}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
    });
  const batchSizeOf = async (lane: string) => {
    const { settings } = (await (await fetch(`${service.url}/lanes/${lane}`)).json()) as {
      settings: { batch_size: { value: number; source: string } };
    };
    return settings.batch_size;
  };

  it('says what a change will do before it is saved, shows its source, and reverts it', async () => {
    await ingest(service.url, idsTo(110), 'LOW', 'crm');
    const page = await open(`${service.url}/#/control`);
    const gate = gateOf(page, 'crm');
    await gate.getByText('100 ids pending').waitFor(PATIENT);
    await gate.getByText('Settings', { exact: true }).click();
    const row = gate.getByRole('row').filter({ hasText: 'batch_size' });
    await row.filter({ hasText: '10 ids' }).filter({ hasText: 'lanes file' }).waitFor(PATIENT);

    await gate.getByRole('button', { name: 'Change settings' }).click();
    await gate.getByLabel('Ids per dispatch').fill('twenty');
    await gate.getByText('Ids per dispatch must be a number').waitFor(PATIENT);
    await gate.getByLabel('Ids per dispatch').fill('20');
    const effects = await gate.locator('.effects').innerText();
    expect(effects).toContain('The pace is 20 ids a minute instead of 10 ids a minute.');
    expect(effects).toContain('The 100 pending ids take about 5 min 0 s instead of 10 min.');
    expect(await batchSizeOf('crm')).toEqual({ value: 10, source: 'file' });
    await gate.getByRole('button', { name: 'Save' }).click();

    await row.filter({ hasText: '20 ids' }).filter({ hasText: 'API' }).waitFor(PATIENT);
    expect(await batchSizeOf('crm')).toMatchObject({ value: 20, source: 'api' });
    await gate.getByRole('button', { name: 'Revert batch_size' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revert' }).click();
    await row.filter({ hasText: '10 ids' }).filter({ hasText: 'lanes file' }).waitFor(PATIENT);
    expect(await batchSizeOf('crm')).toEqual({ value: 10, source: 'file' });
  });

  it('saves nothing over the change of somebody else, and nothing that a lane cannot have', async () => {
    const page = await open(`${service.url}/#/control`);
    const gate = gateOf(page, 'raced');
    await gate.getByText('Settings', { exact: true }).click(PATIENT);
    await gate.getByRole('button', { name: 'Change settings' }).click(PATIENT);
    await gate.getByLabel('Ids per dispatch').fill('0');
    await gate.getByRole('button', { name: 'Save' }).click();
    await gate.getByText('batch_size must not be less than 1').waitFor(PATIENT);

    // The page asks for the settings every 5 s; it must not learn of the change before it saves.
    await page.route('**/lanes/raced', (route) =>
      route.request().method() === 'GET' ? route.abort() : route.continue(),
    );
    expect((await change('raced', { batch_size: 7 })).status).toBe(200);
    await gate.getByLabel('Ids per dispatch').fill('9');
    await gate.getByRole('button', { name: 'Save' }).click();
    await gate.getByText('somebody else has changed these settings since').waitFor(PATIENT);
    expect(await batchSizeOf('raced')).toMatchObject({ value: 7 });

    await page.unroute('**/lanes/raced');
    await page.waitForResponse((response) => response.url().endsWith('/lanes/raced'));
    await gate.getByRole('button', { name: 'Save' }).click();
    await gate
      .getByRole('row')
      .filter({ hasText: 'batch_size' })
      .filter({ hasText: '9 ids' })
      .waitFor(PATIENT);
  });

  it('says who paused a lane, and since when', async () => {
    await fetch(`${service.url}/queue/pause?lane=stopped`, { method: 'POST' });
    const page = await open(`${service.url}/#/control`);
    await gateOf(page, 'stopped')
      .getByText(/No replica dispatches since .+, by a request from 127\.0\.0\.1\./)
      .waitFor(PATIENT);
  });
});
