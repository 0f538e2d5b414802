import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { useTempFolders } from '../support/temp-folder.js';
import { useVendors } from '../support/vendors/vendor-server.js';

jest.setTimeout(60_000);

const EXAMPLE = join(import.meta.dirname, '../../examples/vendors/zendesk.yaml');

interface Queue {
  readonly lanes: Readonly<Record<string, { readonly breaker: { readonly state: string } }>>;
}

describe('A mapping that does not fit the answers', () => {
  const newFolder = useTempFolders();
  const start = useBuiltService();
  const serve = useVendors();

  it('opens the breaker and loses no id: each is completed once the mapping is right', async () => {
    const server = await serve('zendesk');
    const DATA_DIR = newFolder();
    const LANES_FILE = join(newFolder(), 'lanes.yaml');
    const right = readFileSync(EXAMPLE, 'utf8')
      .replace('https://example.zendesk.com', server.origin)
      .replace(/ {4}limits:\n.*\n/, '    breaker_threshold: 2\n    batch_delay: 0.1\n    retry_base: 0\n');
    writeFileSync(LANES_FILE, right.replace('results: users', 'results: data.users'));
    const broken = await start({ DATA_DIR, LANES_FILE });
    const client = new TestClient(broken.url);
    const id = await client.submit([1, 2, 3], 'HIGH', { lane: 'zendesk' });
    await client.waitFor<Queue>('/queue', ({ lanes }) => lanes['zendesk']?.breaker.state === 'open');

    expect(await client.status(id)).toMatchObject({ progress: { in_flight: 3, failed: 0, completed: 0 } });
    expect(broken.printed).toContain('answer.results \\"data.users\\": gives nothing, and not a list');
    await broken.kill();
    writeFileSync(LANES_FILE, right);
    const mended = await start({ DATA_DIR, LANES_FILE });
    expect(await new TestClient(mended.url).waitForStatus(id, 'completed')).toMatchObject({
      progress: { completed: 3, failed: 0 },
    });
  });
});
