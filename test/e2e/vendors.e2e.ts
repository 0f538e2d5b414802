import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { idRange } from '../support/lists.js';
import { useTempFolders } from '../support/temp-folder.js';
import { GitHub, type GitHubLimits } from '../support/vendors/github.js';
import { HubSpot } from '../support/vendors/hubspot.js';
import { Shopify } from '../support/vendors/shopify.js';
import { useVendors, type Vendor, type VendorServer } from '../support/vendors/vendor-server.js';
import { Zendesk } from '../support/vendors/zendesk.js';

jest.setTimeout(120_000);

const EXAMPLES = join(import.meta.dirname, '../../examples/vendors');
const BIG = ['9007199254740993', '10000000000000000007'];

describe('A lane for a vendor, as the examples have it,', () => {
  const newFolder = useTempFolders();
  const start = useBuiltService();
  const serve = useVendors();

  /** Starts the service with an example whose origin, secrets and limits are those of the test. */
  async function startLane(
    name: string,
    vendor: Vendor,
    limits: string,
  ): Promise<{ readonly url: string; readonly client: TestClient; readonly server: VendorServer }> {
    const server = await serve(vendor);
    const folder = newFolder();
    const token = join(folder, 'token');
    writeFileSync(token, `${name}-token`);
    const example = readFileSync(join(EXAMPLES, `${name}.yaml`), 'utf8');
    const lanes = example
      .replace(/https:\/\/[^/\s]+/, server.origin)
      .replace(/\/run\/secrets\/\w+/, token)
      .replace(/ {4}limits:\n(?: {6}- .*\n)+/, limits);
    const LANES_FILE = join(folder, 'lanes.yaml');
    writeFileSync(LANES_FILE, lanes);
    const service = await start({ LANES_FILE, RETRY_BASE: '1' });
    return { url: service.url, client: new TestClient(service.url), server };
  }

  it.each([
    ['hubspot', new HubSpot(), (id: string) => `{"email":"${id}@example.com"}`],
    ['zendesk', new Zendesk(), (id: string) => `{"id":${id},"name":"User ${id}","role":"end-user"}`],
    [
      'shopify',
      new Shopify(),
      (id: string) => `{"id":"gid://shopify/Product/${id}","title":"Product ${id}"}`,
    ],
    ['github', new GitHub(), (id: string) => `{"login":"user-${id}","id":${id},"type":"User"}`],
  ])('sends ids of any size exactly to %s, and stores what comes back', async (name, vendor, dataOf) => {
    const { url, client, server } = await startLane(name, vendor, '    batch_delay: 0\n');
    const id = await client.submit(['1', '2', ...BIG], 'HIGH', { lane: name });
    await client.waitForStatus(id, 'completed');
    const results = await (await fetch(`${url}/ingestions/${id}/results`)).text();

    expect(server.requests).toHaveLength(name === 'github' ? 4 : 1);
    expect(results).toBe(
      `{"results":[${['1', '2', ...BIG]
        .map((each) => `{"id":${each},"status":"completed","data":${dataOf(each)}}`)
        .join(',')}],"next":null}`,
    );
  });

  it.each([
    ['hubspot', new HubSpot(19, 1000), '{ calls: 19, per: 1, margin: 0.5 }', 4000],
    ['zendesk', new Zendesk(20, 2000), '{ calls: 20, per: 2, margin: 0.5 }', 4000],
    ['shopify', new Shopify(1000, 500), '{ ids: 1000, per: 2, margin: 0.5 }', 3000],
    ['github', new GitHub(scaled(100, 50)), '{ calls: 50, per: 1, margin: 0.5 }', 150],
  ])('is never refused by %s while it keeps its limits', async (name, vendor, limit, ids) => {
    const { client, server } = await startLane(name, vendor, `    limits:\n      - ${limit}\n`);
    const id = await client.submit(idRange(1, ids), 'HIGH', { lane: name });
    await client.waitForStatus(id, 'completed');

    expect(server.requests).toHaveLength(name === 'github' ? ids : ids / 100);
    expect(server.throttled).toBe(0);
  });

  it.each([
    ['hubspot', new HubSpot(19, 1000), 4000],
    ['zendesk', new Zendesk(20, 2000), 4000],
    ['shopify', new Shopify(1000, 500), 3000],
    ['github', new GitHub(scaled(1000, 50)), 150],
  ])(
    'is refused by %s where it has no limits, and completes every id all the same',
    async (name, vendor, ids) => {
      const noLimits = '    batch_delay: 0\n    max_attempts: 1\n    breaker_threshold: 1\n';
      const { client, server } = await startLane(name, vendor, noLimits);
      const id = await client.submit(idRange(1, ids), 'HIGH', { lane: name });
      await client.waitForStatus(id, 'completed');

      expect(server.throttled).toBeGreaterThan(0);
    },
  );

  it('waits for as long as the cost of a query says', async () => {
    const { url, client, server } = await startLane(
      'shopify',
      new Shopify(100, 40),
      '    batch_delay: 0.1\n',
    );
    const id = await client.submit(idRange(1, 200), 'HIGH', { lane: 'shopify' });
    await client.waitForStatus(id, 'completed');
    const [, refused, next] = server.requests.map(({ atMs }) => atMs);

    expect(server.throttled).toBe(1);
    expect((next ?? NaN) - (refused ?? NaN)).toBeGreaterThanOrEqual(2000);
    expect(await (await fetch(`${url}/queue`)).json()).toMatchObject({
      lanes: { shopify: { breaker: { state: 'closed' } } },
    });
  });
});

/** Limits of GitHub for a test of a few seconds: so many calls in ten seconds, and in one. */
function scaled(primary: number, secondary: number): GitHubLimits {
  return { primary: { max: primary, perMs: 10_000 }, secondary: { max: secondary, perMs: 1000 } };
}
