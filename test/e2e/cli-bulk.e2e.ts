import { describe, expect, it, jest } from '@jest/globals';
import { useBuiltService, useSharedService } from '../support/built-service.js';
import { useCli, type CliRun } from '../support/cli.js';

jest.setTimeout(60_000);

describe('sluice bulk and sluice dead-letters', () => {
  const start = useBuiltService();
  const service = useSharedService(() => ({}));
  const { inPipe } = useCli();
  const run = (url: string, ...args: string[]): Promise<CliRun> => inPipe(args, url).ended;

  async function ingest(url: string, ids: readonly number[], labels: object): Promise<string> {
    const response = await fetch(`${url}/ingest`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ids, priority: 'LOW', labels }),
    });
    return ((await response.json()) as { ingestion_id: string }).ingestion_id;
  }

  it('plans, starts, watches and lists an action', async () => {
    const { url } = await start({ BATCH_DELAY: '86400' });
    await fetch(`${url}/queue/pause`, { method: 'POST' });
    await ingest(url, [1, 2, 3], { shop: 'berlin' });
    const other = await ingest(url, [4], { shop: 'paris' });

    const planned = await run(
      url,
      'bulk',
      'plan',
      'cancel',
      '--filter',
      'label=shop=berlin',
      '-f',
      'lane=default',
    );
    expect(planned.stderr).toBe('');
    expect(planned.stdout).toMatch(/^[0-9a-f-]{36} {2}cancel planned: 3 ids of 1 lists\n$/);
    const id = planned.stdout.slice(0, 36);
    const watched = await run(url, 'bulk', 'start', id, '--watch');
    expect([watched.exitCode, watched.stderr]).toEqual([0, '']);
    expect(watched.stdout).toMatch(/cancel completed: 3 of 3 ids of 1 lists\n$/);
    expect((await run(url, 'bulk', 'show', id, '--json')).stdout).toContain('"ids_done":3');
    expect((await run(url, 'bulk', 'list')).stdout).toMatch(/\ncancel +completed +3 +3 +0 /);
    expect((await run(url, 'status', other, '--json')).stdout).toContain('"status":"yet_to_start"');
    const again = await run(url, 'bulk', 'stop', id);
    expect([again.exitCode, again.stderr]).toEqual([4, expect.stringContaining('the action is completed')]);
  });

  it.each([
    [['bulk', 'plan', 'cancel'], /either --filter or --all/],
    [['bulk', 'plan', 'cancel', '--all', '-f', 'lane=a'], /either --filter or --all/],
    [['bulk', 'plan', 'cancel', '-f', 'lane'], /must be name=value/],
    [['bulk', 'plan', 'cancel', '-f', 'lane=a', '-f', 'lane=b'], /names lane again/],
    [['bulk', 'plan', 'think', '--all'], /Allowed choices are cancel/],
    [['bulk', 'plan', 'reprioritize', '--all'], /priority must be one of/],
    [['dead-letters', '--upstream-status', 'x'], /upstream_status must be an integer/],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await run(service.url, ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('shows, counts and exports dead letters', async () => {
    const { url } = await start({
      BATCH_DELAY: '0',
      MAX_ATTEMPTS: '1',
      MOCK_ERROR_RATE: '1',
      MOCK_DELAY_MIN: '0',
      MOCK_DELAY_MAX: '0',
    });
    const id = await ingest(url, [10, 11], { shop: 'berlin' });
    await run(url, 'status', id, '--watch');

    const shown = await run(url, 'dead-letters', '--label', 'shop=berlin', '--limit', '1');
    expect(shown.stdout).toMatch(
      /^FAILED +INGESTION .*\n(now|\d+ s ago) +\S+ +1 +11 +default +upstream +- +simulated failure\n$/,
    );
    expect(shown.stderr).toMatch(/^more dead letters: use --after \d+-\d+\n$/);
    const counts = await run(url, 'dead-letters', 'counts', '--lane', 'default');
    expect(counts.stdout).toMatch(
      /\n2 +1 +default +upstream +- .*simulated failure\n2 dead letters of 1 lists\n$/,
    );
    const exported = await run(url, 'dead-letters', 'export', '--kind', 'upstream');
    expect(exported.stdout).toMatch(/^id,ingestion_id,.*\r\n11,.*\r\n10,.*\r\n$/);
    const lines = await run(url, 'dead-letters', 'export', '--format', 'ndjson', '--message', 'none');
    expect(lines.stdout).toBe('');
  });
});
