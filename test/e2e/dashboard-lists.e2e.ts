import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, idsTo, ingest, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';
import { useUpstream } from '../support/upstream/upstream.js';
import { TestClient } from '../support/client.js';

jest.setTimeout(120_000);

const LARGE_ID = '10000000000000000007';
/** Lanes; with a delay of 3600 s a lane sends only one dispatch during a test. */
const lanesOf = (refusing: string): string => `lanes:
  slow: { batch_delay: 3600 }
  found: { batch_delay: 3600 }
  awaited: { batch_delay: 3600 }
  dying: { url: '${refusing}', max_attempts: 1, breaker_threshold: 0 }
`;

describeInBrowser('Lists in the dashboard', () => {
  const upstream = useUpstream(); // must come first: the lanes of the service refer to it
  const service = useSharedService((folder) => {
    const file = join(folder, 'lanes.yaml');
    writeFileSync(file, lanesOf(upstream.urlOf('/process')));
    return { LANES_FILE: file, BATCH_DELAY: '0', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0.05' };
  });
  const open = useBrowser();
  const status = (page: Page, name: string) => page.locator('.status').filter({ hasText: name }).first();
  /** Reloads the page once every id of the ingestion has failed, so that its numbers stay the same. */
  const reloadWhenFailed = async (page: Page, id: string): Promise<void> => {
    await new TestClient(service.url).waitForStatus(id, 'failed');
    await page.reload();
    await page.getByText('3 ids of 1 ingestion failed.').waitFor(PATIENT);
  };
  const confirm = (page: Page, name: string) =>
    page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click();
  const statusOf = async (id: string): Promise<string> => (await fetch(`${service.url}/status/${id}`)).text();

  it('are pasted, told what is wrong line by line, and followed to the last digit', async () => {
    const page = await open(`${service.url}/#/submit`);
    const box = page.getByLabel('Ids, separated by spaces, commas or new lines');
    await box.fill(`1, 2\nthree; 4\n10000000000000000008`);
    await page.getByText('line 2').waitFor(PATIENT);
    const problems = page.getByRole('list', { name: 'What cannot be sent' }).getByRole('listitem');
    expect(await problems.count()).toBe(2);
    expect(await page.getByRole('button', { name: /^Submit/ }).isDisabled()).toBe(true);
    await box.fill(`1, 2\n${LARGE_ID} | 9007199254740993`);
    await page.getByLabel('HIGH').check();
    await page.getByRole('button', { name: 'Submit 4 ids' }).click();
    await status(page, 'completed').waitFor(PATIENT);
    await page.getByRole('tab', { name: 'Results' }).click();
    await page.getByRole('cell', { name: LARGE_ID }).waitFor(PATIENT);

    const kept = await statusOf(/[0-9a-f-]{36}/.exec(page.url())?.[0] ?? '');
    expect(kept).toContain(`"ids":[1,2,${LARGE_ID}]`);
    expect(kept).toContain('"priority":"HIGH"');
  });

  it('are submitted with labels, times and a key of one’s own', async () => {
    const page = await open(`${service.url}/#/submit?lane=slow`);
    await page.getByLabel('Ids, separated by spaces, commas or new lines').fill('61 62');
    await page.getByText('More options').click();
    await page.getByLabel('Labels').fill('team');
    await page.getByRole('button', { name: 'Submit 2 ids' }).click();
    await page.getByRole('alert').getByText('“team” is not a label: write name=value').waitFor(PATIENT);
    await page.getByLabel('Labels').fill('team=growth, run=42');
    await page.getByLabel('Not before').fill('2036-11-24T10:00');
    await page.getByLabel('Expires at').fill('2036-11-25T10:00');
    await page.getByLabel('Idempotency-Key').fill('from the page');
    const sent = page.waitForRequest('**/ingest');
    await page.getByRole('button', { name: 'Submit 2 ids' }).click();
    expect((await sent).headers()['idempotency-key']).toBe('from the page');
    await page.getByText('It was submitted for later').waitFor(PATIENT);
    const shown = await statusOf(/[0-9a-f-]{36}/.exec(page.url())?.[0] ?? '');
    expect(JSON.parse(shown)).toMatchObject({
      labels: { run: '42', team: 'growth' },
      not_before: expect.stringMatching(/^2036-11-2/),
      expires_at: expect.stringMatching(/^2036-11-2/),
    });
  });

  it('are told beside the button when they would be done', async () => {
    await ingest(service.url, idsTo(6), 'HIGH', 'awaited');
    const page = await open(`${service.url}/#/submit?lane=awaited`);
    await page.getByLabel('Ids, separated by spaces, commas or new lines').fill('1 2 3');
    await page.getByText(/^3 ids are ahead; all sent in about [12] h/).waitFor(PATIENT);
  });

  it('are found, filtered, and shown batch by batch', async () => {
    const high = await ingest(service.url, '1,2,3', 'HIGH', 'found');
    const low = await ingest(service.url, '4,5,6,7', 'LOW', 'found');
    const page = await open(`${service.url}/#/ingestions?lane=found`);
    await page.getByRole('link', { name: high }).waitFor(PATIENT);
    await page.getByLabel('Priority').selectOption('LOW');
    await page.getByRole('link', { name: high }).waitFor({ state: 'detached', ...PATIENT });
    await page.getByRole('link', { name: low }).waitFor(PATIENT);
    await page.getByLabel('Find an ingestion or an id').fill(low);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('button', { name: /^Batch 1/ }).press('ArrowRight');
    await page.getByText('Batch 2', { exact: true }).waitFor(PATIENT);
    await page.getByRole('tab', { name: 'Timeline' }).click();
    const timeline = page.getByRole('list', { name: 'Timeline, the newest first' });
    await timeline.getByText('Accepted').waitFor(PATIENT);
  });

  it('change their priority, go into the clipboard as a command, and are cancelled', async () => {
    const id = await ingest(service.url, '51,52,53,54', 'LOW', 'slow');
    const page = await open(`${service.url}/#/ingestions/${id}`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByLabel('Priority').selectOption('HIGH', PATIENT);
    await page.getByText('Priority is HIGH now').waitFor(PATIENT);
    expect(await statusOf(id)).toContain('"priority":"HIGH"');
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('in the clipboard').waitFor(PATIENT);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `curl -s '${service.url}/status/${id}?batches=none'`,
    );
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel it' }).click();
    await status(page, 'cancelled').waitFor(PATIENT);
    await page.locator('.facts > div').filter({ hasText: 'Cancelled1' }).waitFor(PATIENT);
    expect(await statusOf(id)).toContain('"cancelled"');
  });

  it('whose ids failed send one, some or all again', async () => {
    await upstream.play('not found');
    const id = await ingest(service.url, `1,2,${LARGE_ID}`, 'HIGH', 'dying');
    const page = await open(`${service.url}/#/dead-letters`);
    await page.getByText('3 ids of 1 ingestion failed.').waitFor(PATIENT);
    await page.getByRole('checkbox', { name: LARGE_ID }).check();
    await page.getByRole('button', { name: 'Redrive 1 chosen' }).click();
    await page.getByText('1 id redriven').waitFor(PATIENT);
    await reloadWhenFailed(page, id);
    await page.getByLabel('Kind').selectOption('rejected');
    await page.waitForURL(/kind=rejected/);
    await page.getByRole('button', { name: 'Redrive 3 ids' }).click();
    await confirm(page, 'Redrive 3 ids');
    await page.getByText('3 ids redriven').first().waitFor(PATIENT);
    await reloadWhenFailed(page, id);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: 'Redrive all 3 ids' }).click();
    const all = page.waitForResponse('**/dead-letters/redrive?all=true');
    await confirm(page, 'Redrive all 3 ids');
    expect(await (await all).json()).toEqual({ redriven: 3 });
    await reloadWhenFailed(page, id);
    await page.getByRole('button', { name: /^Show only rejected .* in lane dying$/ }).click();
    await page.getByRole('button', { name: /^Remove the message / }).waitFor(PATIENT);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toContain(LARGE_ID);
    await page.getByRole('button', { name: 'Redrive 3 ids …' }).click();
    await page.getByRole('alertdialog', { name: 'Redrive 3 ids?' }).waitFor(PATIENT);
    await confirm(page, 'Redrive 3 ids');
    await page.getByRole('heading', { name: '3 ids redriven' }).waitFor(PATIENT);
    await page.getByRole('button', { name: 'Close' }).click();
    await reloadWhenFailed(page, id);
    await page.getByRole('button', { name: 'Discard 3 ids …' }).click();
    await page.getByRole('alertdialog', { name: 'Discard 3 ids?' }).waitFor(PATIENT);
    await confirm(page, 'Keep');
    await page.getByLabel('HTTP status').fill('503');
    await page.getByLabel('HTTP status').press('Enter');
    await page.getByText('No dead letter matches this filter.').waitFor(PATIENT);
    await page.goto(`${service.url}/#/ingestions/${id}`);
    await status(page, 'failed').waitFor(PATIENT);
    await page.getByRole('button', { name: 'Redrive' }).click();
    const answer = page.waitForResponse(`**/ingestions/${id}/redrive`);
    await confirm(page, 'Redrive');
    expect(await (await answer).json()).toEqual({ redriven: 3 });
    await page.getByRole('tab', { name: /^Errors/ }).click();
    await page.getByRole('cell', { name: LARGE_ID }).waitFor(PATIENT);
  });

  it('of a million ids are dropped as a file, read and sent with their progress, and shown as a map', async () => {
    const page = await open(`${service.url}/#/submit?lane=slow`);
    await page.getByText('Drop a text or CSV file').waitFor(PATIENT);
    const seen = Promise.all(
      ['Reading the file', 'Sending'].map((name) =>
        page.getByRole('progressbar', { name }).waitFor({ state: 'attached', ...PATIENT }),
      ),
    );
    await page.evaluate(`{
      const ids = Array.from({ length: 1_000_000 }, (_, i) => String(${LARGE_ID}n - BigInt(i)));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['id\\n' + ids.join('\\n')], 'million.csv', { type: 'text/csv' }));
      document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    }`);
    await page.getByRole('button', { name: 'Submit 1,000,000 ids' }).click(PATIENT);
    await seen;
    await page.getByRole('button', { name: /^Ids 1 to 1,667,/ }).waitFor(PATIENT);
    await page.getByText('each cell stands for 1,667 ids').waitFor(PATIENT);
    await page.getByTitle(LARGE_ID).waitFor(PATIENT);

    const cells = page.getByRole('group', { name: 'Batches' }).getByRole('button');
    expect(await cells.count()).toBe(600);
    await cells.last().click();
    await page.getByTitle(String(BigInt(LARGE_ID) - 998_533n)).waitFor(PATIENT); // the first id of the last cell
  });
});
