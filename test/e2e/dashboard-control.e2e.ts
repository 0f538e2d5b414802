import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { changeLane, describeInBrowser, idsTo, ingest, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(120_000);

const gateOf = (page: Page, lane: string) =>
  page.locator('.control').filter({ has: page.getByRole('heading', { name: `The gate of ${lane}` }) });

async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id }) => id);
}

describeInBrowser('The page Control', () => {
  const open = useBrowser();
  const service = useSharedService((folder) => {
    const file = join(folder, 'lanes.yaml');
    writeFileSync(
      file,
      'lanes: { crm: { batch_size: 10, batch_delay: 60 }, raced: { batch_delay: 60 }, stopped: {}, nightly: {} }\n',
    );
    return { LANES_FILE: file };
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
    expect(effects).toContain('The 100 pending ids take about 5 min instead of 10 min.');
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
    expect((await changeLane(service.url, 'raced', { batch_size: 7 })).status).toBe(200);
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

  it('sets quiet hours, and says at their field what is wrong with them', async () => {
    const page = await open(`${service.url}/#/control`);
    const gate = gateOf(page, 'nightly');
    await gate.getByText('Settings', { exact: true }).click(PATIENT);
    await gate.getByRole('button', { name: 'Change settings' }).click(PATIENT);
    const field = gate.getByLabel('Quiet hours');
    const save = gate.getByRole('button', { name: 'Save' });
    await field.fill('at night');
    await gate.getByText('Quiet hours must be a list such as').waitFor(PATIENT);
    expect(await save.isDisabled()).toBe(true);
    await field.fill('[{"from":"25:00","to":"06:00"}]');
    await save.click();
    await gate
      .locator('.field', { has: page.getByLabel('Quiet hours') })
      .getByRole('alert')
      .getByText('quiet_hours')
      .waitFor(PATIENT);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await violationsOn(page)).toEqual([]);

    await field.fill('[{"days":["sat","sun"],"from":"22:00","to":"06:00","time_zone":"Europe/Berlin"}]');
    const hours = 'sat, sun 22:00 to 06:00 Europe/Berlin';
    await gate.getByText(`Nothing is sent in the quiet hours: ${hours}.`).waitFor(PATIENT);
    await save.click();
    const row = gate.getByRole('row').filter({ hasText: 'quiet_hours' });
    await row.filter({ hasText: hours }).filter({ hasText: 'API' }).waitFor(PATIENT);
  });

  it('makes a lane, and says at the field why it cannot', async () => {
    const page = await open(`${service.url}/#/control`);
    await page.getByRole('button', { name: 'New lane' }).click(PATIENT);
    const form = page.getByRole('form', { name: 'New lane' });
    const make = form.getByRole('button', { name: 'Make the lane' });
    const refusedAt = async (label: string, text: string, why: string | RegExp): Promise<void> => {
      await form.getByLabel(label).fill(text);
      await make.click();
      const field = form.locator('.field', { has: page.getByLabel(label) });
      await field.getByRole('alert').getByText(why).waitFor(PATIENT);
      expect(await form.getByRole('alert').count()).toBe(1);
    };
    await refusedAt('Name', 'My shop', 'A name has only a-z, 0-9, _ and -');
    await refusedAt('Name', 'crm', 'there is a lane crm already');
    await form.getByLabel('Name').fill('shop');
    await refusedAt('URL of the upstream', 'http://127.0.0.1/x', /^url .*not public/);
    await form.getByLabel('URL of the upstream').fill('');
    await refusedAt('File of its token', 'shop', /^token_file/);
    await form.getByLabel('File of its token').fill('');
    await refusedAt('Time between dispatches', 'a minute', 'must be a number');
    await form.getByLabel('Time between dispatches').fill('60');
    await refusedAt('Ids per dispatch', '0', 'batch_size must not be less than 1');
    expect(await violationsOn(page)).toEqual([]);
    await form.getByLabel('Ids per dispatch').fill('10');
    await make.click();

    await gateOf(page, 'shop').getByText('10 ids every 1 min').waitFor(PATIENT);
    expect(await form.count()).toBe(0);
    expect(await (await fetch(`${service.url}/lanes/shop`)).json()).toMatchObject({
      made_by: 'api',
      settings: { batch_size: { value: 10 }, batch_delay: { value: 60 } },
    });
  });

  it.each([
    ['drain', 'Send them first', '20 ids are sent at the pace of the lane', 'Retire'],
    ['cancel', 'Cancel them', '20 ids are never sent', 'Retire and cancel 20 ids'],
  ])(
    'retires a made lane by %s, and says before how many ids that meets',
    async (mode, choice, effect, act) => {
      const lane = `made-${mode}`;
      await fetch(`${service.url}/lanes/${lane}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ batch_size: 10, batch_delay: 3600 }),
      });
      await ingest(service.url, idsTo(30), 'LOW', lane);
      const page = await open(`${service.url}/#/control`);
      const gate = gateOf(page, lane);
      await gate.getByText('20 ids pending, 0 in flight').waitFor(PATIENT);
      expect(await gateOf(page, 'crm').getByRole('button', { name: 'Retire …' }).count()).toBe(0);
      await gate.getByRole('button', { name: 'Retire …' }).click();
      const dialog = page.getByRole('alertdialog', { name: `Retire the lane ${lane}?` });
      await dialog.getByText('20 ids pending, 0 in flight.').waitFor(PATIENT);
      await dialog.getByRole('button', { name: 'Retire', exact: true }).click();
      await dialog.getByRole('alert').getByText(`ids are pending in lane ${lane}`).waitFor(PATIENT);
      await dialog.getByLabel(choice).check();
      await dialog.getByText(effect).waitFor(PATIENT);
      expect(await violationsOn(page)).toEqual([]);
      await dialog.getByRole('button', { name: act, exact: true }).click();

      if (mode === 'cancel') {
        await gate.waitFor({ state: 'detached', ...PATIENT });
        await waitFor('the lane to be gone', async () =>
          (await fetch(`${service.url}/lanes/${lane}`)).status === 404 ? true : undefined,
        );
        return;
      }
      await gate.getByText('retiring', { exact: true }).waitFor(PATIENT);
      await gate.getByText('It takes no new lists').waitFor(PATIENT);
      expect(await gate.getByRole('button', { name: 'Retire …' }).count()).toBe(0);
      expect(await violationsOn(page)).toEqual([]);
    },
  );
});
