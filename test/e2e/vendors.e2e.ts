import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { idRange } from '../support/lists.js';
import { useTempFolders } from '../support/temp-folder.js';
import type { GitHubLimits } from '../support/vendors/github.js';
import type { VendorChoice } from '../support/vendors/vendor-process.js';
import { useVendors, type VendorServer } from '../support/vendors/vendor-server.js';

jest.setTimeout(120_000);

const EXAMPLES = join(import.meta.dirname, '../../examples/vendors');
const BIG = ['9007199254740993', '10000000000000000007'];

interface VendorCase {
  readonly vendor: VendorChoice;
  /** The lines that replace the limits of the example. */
  readonly limits: string;
}

const NO_LIMITS = '    batch_delay: 0\n    max_attempts: 1\n    breaker_threshold: 1\n';

describe('A lane for a vendor, as the examples have it,', () => {
  const newFolder = useTempFolders();
  const start = useBuiltService();
  const serve = useVendors();

  /** Returns the lane of an example, with the origin, secrets and limits of the test. */
  function laneOf({ vendor: [name], limits }: VendorCase, { origin }: VendorServer, folder: string): string {
    const token = join(folder, name);
    writeFileSync(token, `${name}-token`);
    return readFileSync(join(EXAMPLES, `${name}.yaml`), 'utf8')
      .replace('lanes:\n', '')
      .replace(/https:\/\/[^/\s]+/, origin)
      .replace(/\/run\/secrets\/\w+/, token)
      .replace(/ {4}limits:\n(?: {6}- .*\n)+/, limits);
  }

  /** Starts one service with a lane for each vendor, and plays a story in each lane at the same time. */
  async function playAll<Case extends VendorCase>(
    cases: readonly Case[],
    story: (each: Case, server: VendorServer, client: TestClient) => Promise<void>,
  ): Promise<TestClient> {
    const folder = newFolder();
    const served = await Promise.all(
      cases.map(async (each) => ({ each, server: await serve(...each.vendor) })),
    );
    const LANES_FILE = join(folder, 'lanes.yaml');
    const lanes = served.map(({ each, server }) => laneOf(each, server, folder));
    writeFileSync(LANES_FILE, `lanes:\n${lanes.join('')}`);
    const client = new TestClient((await start({ LANES_FILE, RETRY_BASE: '1' })).url);
    await Promise.all(served.map(({ each, server }) => story(each, server, client)));
    return client;
  }

  /** Sends this many ids through the lane of a vendor. */
  async function complete({ vendor: [lane] }: VendorCase, ids: number, client: TestClient): Promise<void> {
    const id = await client.submit(idRange(1, ids), 'HIGH', { lane });
    await client.waitForStatus(id, 'completed');
  }

  it('sends ids of any size exactly, and stores what comes back', async () => {
    const cases: readonly (VendorCase & {
      readonly requests: number;
      readonly dataOf: (id: string) => string;
    })[] = [
      {
        vendor: ['hubspot'],
        limits: NO_LIMITS,
        requests: 1,
        dataOf: (id) => `{"email":"${id}@example.com"}`,
      },
      {
        vendor: ['zendesk'],
        limits: NO_LIMITS,
        requests: 1,
        dataOf: (id) => `{"id":${id},"name":"User ${id}","role":"end-user"}`,
      },
      {
        vendor: ['shopify'],
        limits: NO_LIMITS,
        requests: 1,
        dataOf: (id) => `{"id":"gid://shopify/Product/${id}","title":"Product ${id}"}`,
      },
      {
        vendor: ['github'],
        limits: NO_LIMITS,
        requests: 4,
        dataOf: (id) => `{"login":"user-${id}","id":${id},"type":"User"}`,
      },
    ];
    await playAll(cases, async ({ vendor: [lane], requests, dataOf }, server, client) => {
      const ids = ['1', '2', ...BIG];
      const id = await client.submit(ids, 'HIGH', { lane });
      await client.waitForStatus(id, 'completed');
      const results = await client.getText(`/ingestions/${id}/results`);

      expect((await server.report()).arrivedAtMs).toHaveLength(requests);
      const all = ids.map((each) => `{"id":${each},"status":"completed","data":${dataOf(each)}}`);
      expect(results).toBe(`{"results":[${all.join(',')}],"next":null}`);
    });
  });

  it('is never refused while it keeps the limits', async () => {
    const limit = (text: string): string => `    limits:\n      - ${text}\n`;
    const cases: readonly (VendorCase & { readonly ids: number; readonly requests: number })[] = [
      {
        vendor: ['hubspot', 19, 1000],
        limits: limit('{ calls: 19, per: 1, margin: 0.5 }'),
        ids: 4000,
        requests: 40,
      },
      {
        vendor: ['zendesk', 20, 2000],
        limits: limit('{ calls: 20, per: 2, margin: 0.5 }'),
        ids: 4000,
        requests: 40,
      },
      {
        vendor: ['shopify', 1000, 500],
        limits: limit('{ ids: 1000, per: 2, margin: 0.5 }'),
        ids: 3000,
        requests: 30,
      },
      {
        vendor: ['github', scaled(100, 50)],
        limits: limit('{ calls: 50, per: 1, margin: 0.5 }'),
        ids: 150,
        requests: 150,
      },
    ];
    await playAll(cases, async (each, server, client) => {
      await complete(each, each.ids, client);
      const { arrivedAtMs, throttled } = await server.report();
      expect({ vendor: each.vendor[0], requests: arrivedAtMs.length, throttled }).toEqual({
        vendor: each.vendor[0],
        requests: each.requests,
        throttled: 0,
      });
    });
  });

  it('is refused where it has no limits, and completes every id all the same', async () => {
    const cases: readonly (VendorCase & { readonly ids: number })[] = [
      { vendor: ['hubspot', 5, 1000], limits: NO_LIMITS, ids: 2000 },
      { vendor: ['zendesk', 5, 1000], limits: NO_LIMITS, ids: 2000 },
      { vendor: ['shopify', 500, 500], limits: NO_LIMITS, ids: 2000 },
      { vendor: ['github', scaled(1000, 10)], limits: NO_LIMITS, ids: 40 },
    ];
    await playAll(cases, async (each, server, client) => {
      await complete(each, each.ids, client);
      expect((await server.report()).throttled).toBeGreaterThan(0);
    });
  });

  it('waits for as long as the cost of a query says', async () => {
    const vendor: VendorChoice = ['shopify', 100, 40];
    const client = await playAll(
      [{ vendor, limits: '    batch_delay: 0.1\n' }],
      async (each, server, client) => {
        await complete(each, 200, client);
        const { arrivedAtMs, throttled } = await server.report();
        const [, refusedAtMs = NaN, nextAtMs = NaN] = arrivedAtMs;
        expect(throttled).toBe(1);
        expect(nextAtMs - refusedAtMs).toBeGreaterThanOrEqual(2000);
      },
    );
    expect(await client.get('/queue')).toMatchObject({
      lanes: { shopify: { breaker: { state: 'closed' } } },
    });
  });
});

/** Limits of GitHub for a test of a few seconds: so many calls in four seconds, and in one. */
function scaled(primary: number, secondary: number): GitHubLimits {
  return { primary: { max: primary, perMs: 4000 }, secondary: { max: secondary, perMs: 1000 } };
}
