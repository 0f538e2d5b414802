import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';
import { useUpstream } from '../support/upstream/upstream.js';

jest.setTimeout(60_000);

interface Queue {
  readonly state: string;
  readonly held_for_seconds: number;
  readonly breaker: { readonly state: string };
}

/** The clock of the upstream counts seconds, and a request takes a moment to arrive. */
const CLOCK_SLACK_MS = 50;

describe('The built service, whose upstream tells its limits,', () => {
  const upstream = useUpstream();
  const newFolder = useTempFolders();
  const start = useBuiltService();

  /** Sends one id a dispatch, without attempts to lose and with a breaker that opens at once. */
  const settings = (): Record<string, string> => ({
    EXTERNAL_API_URL: upstream.urlOf('/process'),
    BATCH_SIZE: '1',
    BATCH_DELAY: '0.05',
    MAX_IN_FLIGHT: '1',
    MAX_ATTEMPTS: '1',
    BREAKER_THRESHOLD: '1',
  });

  /** The time between two requests that the upstream saw, in ms. */
  async function between(first: number, second: number): Promise<number> {
    const seen = await upstream.seen();
    return (seen[second]?.atMs ?? NaN) - (seen[first]?.atMs ?? NaN);
  }

  it('sends nothing until the reset after a good answer that says that nothing remains', async () => {
    await upstream.play('none left', 'good');
    const service = await start(settings());
    const client = new TestClient(service.url);
    const id = await client.submit([1, 2]);
    const held = await client.waitFor<Queue>('/queue', ({ held_for_seconds }) => held_for_seconds > 0);
    await client.waitForStatus(id, 'completed');

    expect(held.state).toBe('held');
    expect(held.held_for_seconds).toBeLessThanOrEqual(4);
    expect(await between(0, 1)).toBeGreaterThanOrEqual(3000 - CLOCK_SLACK_MS);
    expect(service.printed).toMatch(
      /the upstream asks to wait [34] s \(X-RateLimit-Remaining\); nothing is sent for [34] s/,
    );
  });

  it('keeps to it over a kill', async () => {
    await upstream.play('none left', 'good');
    const DATA_DIR = newFolder();
    const first = await start({ ...settings(), DATA_DIR });
    const id = await new TestClient(first.url).submit([1, 2]);
    await waitFor('the hold in the log', () => first.printed.includes('nothing is sent for'));
    await first.kill();
    const second = await start({ ...settings(), DATA_DIR });
    await new TestClient(second.url).waitForStatus(id, 'completed');

    const last = (await upstream.seen()).length - 1;
    expect(await between(0, last)).toBeGreaterThanOrEqual(3000 - CLOCK_SLACK_MS);
  });

  it('waits for seconds with decimals', async () => {
    await upstream.play('wait by decimals', 'good');
    const service = await start(settings());
    const client = new TestClient(service.url);
    await client.waitForStatus(await client.submit([1]), 'completed');

    expect(await between(0, 1)).toBeGreaterThanOrEqual(1500 - CLOCK_SLACK_MS);
    expect(service.printed).toContain('the upstream asks to wait 2 s (Retry-After)');
  });

  it('waits longer with each 429 that names no time, with no attempt lost and the breaker closed', async () => {
    await upstream.play('too many', 'too many', 'good');
    const service = await start({ ...settings(), RETRY_BASE: '1' });
    const client = new TestClient(service.url);
    const id = await client.submit([1]);
    const held = await client.waitFor<Queue>('/queue', ({ state }) => state === 'held');
    await client.waitForStatus(id, 'completed');

    expect(held.breaker.state).toBe('closed');
    expect(await between(0, 1)).toBeGreaterThanOrEqual(500 - CLOCK_SLACK_MS);
    expect(await between(1, 2)).toBeGreaterThanOrEqual(1000 - CLOCK_SLACK_MS);
    expect(service.printed).toContain('the upstream answered 429 and named no time to wait');
  });

  it('reads headers of other names in a lane that sets them, and holds that lane alone', async () => {
    await upstream.play('none left by other names');
    const lanesFile = join(newFolder(), 'lanes.yaml');
    const crm = `url: ${upstream.urlOf('/process')}\n    rate_limit_headers: X-Calls-Left/X-Calls-Next`;
    writeFileSync(lanesFile, `lanes:\n  crm:\n    ${crm}\n`);
    const service = await start({ ...settings(), LANES_FILE: lanesFile, RATE_LIMIT_HEADERS: 'standard' });
    const client = new TestClient(service.url);
    const [own, other] = [await client.submit([1, 2], 'HIGH', { lane: 'crm' }), await client.submit([3, 4])];
    await client.waitForStatus(other, 'completed');
    const { lanes } = await client.waitFor<{ lanes: Record<string, Queue> }>(
      '/queue',
      (queue) => queue.lanes['crm']?.state === 'held',
    );

    expect(lanes['crm']?.held_for_seconds).toBeGreaterThan(500);
    expect(lanes['default']?.held_for_seconds).toBe(0);
    expect(await client.status(own)).toMatchObject({ progress: { completed: 1, total: 2 } });
  });
});
