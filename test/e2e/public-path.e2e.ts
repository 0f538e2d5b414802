import { expect, it, jest } from '@jest/globals';
import { describeInBrowser, PATIENT, useBrowser, useProxies } from '../support/browser.js';
import { useBuiltService } from '../support/built-service.js';

jest.setTimeout(120_000);

describeInBrowser('Behind a proxy that takes a path off, with PUBLIC_PATH,', () => {
  const start = useBuiltService();
  const serveUnder = useProxies();
  const open = useBrowser();

  it('answers name the path that clients use', async () => {
    const service = await start({ PUBLIC_PATH: '/gate', BATCH_DELAY: '0.1' });
    const { url } = await serveUnder('/gate', service.url);

    const accepted = await fetch(`${url}/ingest`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"ids":[1],"priority":"LOW"}',
    });
    const location = accepted.headers.get('location') ?? '';
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as { servers: { url: string }[] };

    expect(location).toMatch(/^\/gate\/status\//);
    expect((await fetch(new URL(location, url))).status).toBe(200);
    expect(document.servers.map((server) => server.url)).toEqual(['/gate']);
  });

  it('the dashboard works with and without a slash, and Swagger UI sends its requests there', async () => {
    const service = await start({ PUBLIC_PATH: '/gate', BATCH_DELAY: '0.1' });
    const { url } = await serveUnder('/gate', service.url);

    for (const address of [url, `${url}/`]) {
      const page = await open(address);
      await page.locator('.connection').filter({ hasText: 'Live' }).waitFor(PATIENT);
      await page.getByRole('link', { name: 'Metrics' }).click();
      await page.getByRole('heading', { level: 1, name: 'Metrics' }).waitFor(PATIENT);
    }
    const docs = await open(`${url}/docs`);
    const block = docs.locator('[id$="-getQueue"].opblock');
    await block.locator('.opblock-summary').first().click(PATIENT);
    const answer = docs.waitForResponse((response) => response.url().endsWith('/queue'));
    await block.locator('button.execute').click(PATIENT);

    expect((await answer).url()).toBe(`${url}/queue`);
    expect((await answer).status()).toBe(200);
  });
});
