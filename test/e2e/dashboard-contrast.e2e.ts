import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, ingest, PATIENT, useBrowser } from '../support/browser.js';
import { useSharedService } from '../support/built-service.js';
import { CONTRAST_SOURCE } from '../support/contrast.js';
import { useUpstream } from '../support/upstream/upstream.js';

jest.setTimeout(180_000);

/** The minimum for text of normal size (WCAG 2.2, 1.4.3). */
const MIN_CONTRAST = 4.5;
const STATES = [[], ['hover'], ['focus', 'focus-visible'], ['hover', 'active']] as const;
const lanesOf = (refusing: string): string => `lanes:
  slow: { batch_delay: 3600 }
  stopped: { batch_delay: 3600 }
  dying: { url: '${refusing}', max_attempts: 1, breaker_threshold: 0 }
`;

describeInBrowser('Controls of the dashboard', () => {
  const upstream = useUpstream(); // must come first: the lanes of the service refer to it
  const service = useSharedService((folder) => {
    const file = join(folder, 'lanes.yaml');
    writeFileSync(file, lanesOf(upstream.urlOf('/process')));
    return { LANES_FILE: file, BATCH_DELAY: '0', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0.05' };
  });
  const open = useBrowser();

  /** Finds labels of low contrast, for each control at rest, hovered, focused and pressed. */
  async function findFaint(page: Page, place: string): Promise<string[]> {
    const found: string[] = [];
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('DOM.enable');
    await devtools.send('CSS.enable');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate('markControls()')).toBeGreaterThan(3);
      const { root } = await devtools.send('DOM.getDocument', { depth: 0 });
      const { nodeIds } = await devtools.send('DOM.querySelectorAll', {
        nodeId: root.nodeId,
        selector: '[data-probe]',
      });
      for (const state of STATES) {
        for (const nodeId of nodeIds) {
          await devtools.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses: [...state] });
        }
        const faint = await page.evaluate<string[]>(`findFaint(${String(MIN_CONTRAST)})`);
        found.push(...faint.map((each) => `${place}, ${colorScheme}, ${state.join()}: ${each}`));
      }
      for (const nodeId of nodeIds) {
        await devtools.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses: [] });
      }
    }
    await devtools.detach();
    return found;
  }

  it('keep their labels readable at rest, under the mouse, with the focus and pressed', async () => {
    await upstream.play('not found');
    const failed = await ingest(service.url, '1,2,3', 'HIGH', 'dying');
    const waiting = await ingest(service.url, '1,2,3,4', 'LOW', 'slow');
    await fetch(`${service.url}/queue/pause?lane=stopped`, { method: 'POST' });
    const page = await open(service.url, { reducedMotion: 'reduce' });
    await page.evaluate(CONTRAST_SOURCE);
    const found: string[] = [];
    const visit = async (path: string, prepare: () => Promise<void>): Promise<void> => {
      await page.evaluate(`location.hash = '#/${path}'`);
      await prepare();
      found.push(...(await findFaint(page, path)));
    };
    const button = (name: string | RegExp) => page.getByRole('button', { name });

    await visit('', () => button('Freeze').click(PATIENT)); // "Live" is then a primary button
    await visit('now', () => page.getByRole('heading', { name: 'Upstream', exact: true }).waitFor(PATIENT));
    await visit('ingestions', () => page.getByRole('link', { name: failed }).waitFor(PATIENT));
    await visit(`ingestions/${failed}`, () => button('Redrive').waitFor(PATIENT));
    await visit(`ingestions/${waiting}`, () => button('Cancel').waitFor(PATIENT));
    await visit('submit', async () => {
      await page.getByLabel('Ids, separated by spaces, commas or new lines').fill('1 2', PATIENT);
      await button('Submit 2 ids').hover(PATIENT); // a real hover, like the forced state
    });
    await visit('dead-letters', async () => {
      await page.getByRole('checkbox', { name: 'All that are shown' }).check();
      await button('Redrive 3 chosen').waitFor(PATIENT);
    });
    await visit('control', () => button('Resume').waitFor(PATIENT));
    for (const action of ['Pause', 'Resume']) {
      await button(action).first().click();
      await page.getByRole('alertdialog').waitFor(PATIENT);
      found.push(...(await findFaint(page, `dialog ${action}`)));
      await button('Keep').click();
    }
    await visit('nowhere', () => page.getByRole('heading', { name: 'Nothing here' }).waitFor(PATIENT));
    expect(found).toEqual([]);
  });
});
