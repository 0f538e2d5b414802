import { beforeAll, expect, it, jest } from '@jest/globals';
import { describeInBrowser, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(120_000);

/** The service pauses after each list that it changes, so this takes seconds on the fastest machine. */
const LISTS = 1000;

describeInBrowser('The dialog of an action on all that match', () => {
  const service = useSharedService(() => ({}));
  const open = useBrowser();

  beforeAll(async () => {
    await fetch(`${service.url}/queue/pause`, { method: 'POST' });
    const client = new TestClient(service.url);
    for (let from = 0; from < LISTS; from += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => client.submit([from + i + 1], 'LOW')));
    }
  }, 60_000);

  async function read(): Promise<{ state: string; ids: number; ids_done: number }> {
    const { bulk_actions: actions } = (await (await fetch(`${service.url}/bulk-actions?limit=1`)).json()) as {
      bulk_actions: [{ state: string; ids: number; ids_done: number }];
    };
    return actions[0];
  }

  it('stops the action while it runs, keeps what is done, and goes on with the rest', async () => {
    const page = await open(`${service.url}/#/ingestions`, { reducedMotion: 'reduce' });
    await page.getByLabel('Reprioritize all that match').selectOption('HIGH', PATIENT);
    await page.getByRole('button', { name: 'Change the priority of 1,000 ids' }).click(PATIENT);
    await page.getByRole('button', { name: 'Stop' }).click(PATIENT);
    await page.getByText('Stopped. What is done stays done.').waitFor(PATIENT);
    const title = page.getByRole('heading', { name: /^\d+ ids? changed$/ });
    const stopped = await waitFor(
      'the dialog to show what was done until the stop',
      async () => ({ ...(await read()), shown: Number.parseInt(String(await title.textContent()), 10) }),
      ({ ids_done: done, shown }) => done === shown,
    );
    expect(stopped).toMatchObject({ state: 'stopped', ids: LISTS });
    expect(stopped.shown).toBeLessThan(LISTS);
    const progress = page.getByRole('progressbar', { name: 'Progress', exact: true });
    expect(await progress.getAttribute('aria-valuenow')).toBe(String(Math.round(stopped.shown / 10)));

    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: '1,000 ids changed' }).waitFor(PATIENT);
    await page.getByText('Done.').waitFor(PATIENT);
    expect(await read()).toMatchObject({ state: 'completed', ids_done: LISTS });
    await page.getByRole('button', { name: 'Close' }).click();
  });
});
