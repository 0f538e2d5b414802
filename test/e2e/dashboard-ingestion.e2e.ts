import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import { describeInBrowser, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { useUpstream } from '../support/upstream/upstream.js';

jest.setTimeout(120_000);

describeInBrowser('The page of one ingestion', () => {
  const upstream = useUpstream(); // must come first: the lanes of the service refer to it
  const service = useSharedService((folder) => {
    const file = join(folder, 'lanes.yaml');
    const url = upstream.urlOf('/process');
    writeFileSync(
      file,
      `lanes:
  slow: { batch_delay: 3600 }
  dying: { url: '${url}', max_attempts: 1, breaker_threshold: 0 }
  retrying: { url: '${url}', max_attempts: 7, retry_base: 3000, retry_max: 3000, breaker_threshold: 0 }
`,
    );
    return { LANES_FILE: file };
  });
  const open = useBrowser();
  const submit = (ids: number[], lane: string, extra: Record<string, unknown> = {}): Promise<string> =>
    new TestClient(service.url).submit(ids, 'HIGH', { lane, ...extra });

  it('has a timeline by the times of the service, and tabs with addresses', async () => {
    await upstream.play('not found');
    const id = await submit([1, 2, 3, 4], 'dying');
    const { created_at: acceptedAt } = await new TestClient(service.url).waitForStatus(id, 'failed');
    const page = await open(`${service.url}/#/ingestions/${id}?tab=timeline`, { acceptDownloads: true });
    const entries = page.getByRole('list', { name: 'Timeline, the newest first' }).getByRole('listitem');
    await entries.filter({ hasText: 'Accepted' }).waitFor(PATIENT);
    const sent = entries.filter({ hasText: '3 without success' });
    expect(await sent.getByText('attempt 1').count()).toBe(1);
    expect(await entries.last().locator('time').getAttribute('datetime')).toBe(acceptedAt);
    expect(await entries.first().textContent()).toContain('Ended: failed');
    expect(await page.title()).toBe(`${id.slice(-4)} · Ingestion · Sluice`);

    await page.getByRole('tab', { name: 'Results' }).click();
    await page.getByLabel('Outcome').selectOption('failed');
    await page.waitForURL(/tab=results&outcome=failed/);
    await page.reload();
    expect(await page.getByLabel('Outcome').inputValue()).toBe('failed');
    await page
      .getByRole('cell', { name: /^rejected: / })
      .nth(3)
      .waitFor(PATIENT);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export NDJSON' }).click(),
    ]);
    expect(
      readFileSync(await file.path(), 'utf8')
        .trimEnd()
        .split('\n'),
    ).toHaveLength(4);
    await page.getByLabel('Outcome').selectOption('completed');
    await page.getByText('No id is completed.').waitFor(PATIENT);
    await page.getByRole('tab', { name: 'Batches' }).click();
    await page.locator('.batch-ids li[data-failed]').nth(2).waitFor(PATIENT);
    await page.getByRole('tab', { name: 'Webhooks' }).click();
    await page.getByText('No deliveries.').waitFor(PATIENT);
  });

  it('says why its ids wait: the attempt, the last error and the next time', async () => {
    await upstream.play('broken');
    const id = await submit([5], 'retrying');
    const page = await open(`${service.url}/#/ingestions/${id}`);
    const reasons = page.getByRole('region', { name: 'Why it waits' });
    await reasons.getByText(/^attempt [2-7] of 7 (in \d+ (s|min)|now|is due)$/).waitFor(PATIENT);
    await reasons.getByText('last error: upstream, the upstream answered 500').waitFor(PATIENT);
  });

  it('says what its lane waits for, how many ids are ahead, and for when it was submitted', async () => {
    await submit([1, 2, 3, 4, 5], 'slow');
    const id = await submit([6], 'slow', { labels: { team: 'growth' }, not_before: 3600, expires_at: 9000 });
    const page = await open(`${service.url}/#/ingestions/${id}`);
    const reasons = page.getByRole('region', { name: 'Why it waits' });
    await reasons
      .getByText(/^It was submitted for later: it enters the queue in (59 min|1 h)/)
      .waitFor(PATIENT);
    await reasons
      .getByText(/is sending: the pace is 3 ids every 3600 s, the next dispatch at \d/)
      .waitFor(PATIENT);
    await reasons.getByText('2 ids go before its next one, if it were due now.').waitFor(PATIENT);
    await page
      .locator('.facts > div')
      .filter({ hasText: /^Expiresin 2 h$/ })
      .waitFor(PATIENT);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map((each) => each.id)).toEqual([]);
    await page.getByRole('link', { name: 'team=growth' }).click();
    await page.getByRole('button', { name: 'Remove the label team=growth' }).waitFor(PATIENT);
    await page.getByRole('link', { name: id }).waitFor(PATIENT);
  });
});
