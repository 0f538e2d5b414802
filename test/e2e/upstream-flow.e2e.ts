import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { ServiceProcess } from '../../scripts/demo/service-process.js';
import { failToStart, useBuiltService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';
import { useUpstream } from '../support/upstream/upstream.js';

jest.setTimeout(60_000);

describe('The built service before a real upstream', () => {
  const upstream = useUpstream();
  const newFolder = useTempFolders();
  const start = useBuiltService();

  async function ingest(service: ServiceProcess, ids: readonly number[]): Promise<string> {
    const answer = await fetch(`${service.url}/ingest`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ids, priority: 'HIGH' }),
    });
    return ((await answer.json()) as { ingestion_id: string }).ingestion_id;
  }

  async function get(service: ServiceProcess, path: string): Promise<Record<string, unknown>> {
    return (await (await fetch(service.url + path)).json()) as Record<string, unknown>;
  }

  /** Asks until the answer is what it shall be. */
  async function until(ask: () => Promise<unknown>, wanted: unknown): Promise<void> {
    while ((await ask()) !== wanted) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('waits as long as it is asked to, without an attempt lost, and says what it must not say nowhere', async () => {
    const tokenFile = join(newFolder(), 'token');
    writeFileSync(tokenFile, 'token-one-secret\n');
    await upstream.play('wait by seconds', 'good');
    const service = await start({
      EXTERNAL_API_URL: upstream.urlOf('/items/{id}?key=query-secret'),
      EXTERNAL_API_TOKEN_FILE: tokenFile,
      EXTERNAL_API_HEADERS: '{"X-Api-Key": "header-secret"}',
      BATCH_DELAY: '0.1',
      MAX_ATTEMPTS: '1',
    });
    const id = await ingest(service, [1, 2]);
    await until(async () => Number((await get(service, '/queue'))['held_for_seconds']) > 0, true);
    expect(service.printed).toContain('the upstream asks to wait 2 s');
    writeFileSync(tokenFile, 'token-two-secret\n');
    const health = JSON.stringify(await get(service, '/health'));
    await until(async () => (await get(service, `/status/${id}`))['status'], 'completed');

    const seen = await upstream.seen();
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-one-secret',
      'Bearer token-one-secret',
      'Bearer token-two-secret',
    ]);
    expect(seen.map(({ headers }) => headers['x-api-key'])).toEqual(seen.map(() => 'header-secret'));
    expect((seen[2]?.atMs ?? 0) - (seen[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(2000);
    expect(await service.stop()).toBe(0);
    expect(service.printed + health).not.toContain('secret');
  });

  it('gives a broken upstream a rest, shows it, and goes on by itself', async () => {
    await upstream.play('broken', 'broken', 'good');
    const service = await start({
      EXTERNAL_API_URL: upstream.urlOf('/process'),
      BATCH_DELAY: '0.05',
      RETRY_BASE: '0',
      BREAKER_THRESHOLD: '2',
      BREAKER_COOLDOWN: '2',
    });
    const id = await ingest(service, [1, 2, 3]);
    await until(async () => (await get(service, '/health'))['breaker'], 'open');
    expect(await get(service, '/queue')).toMatchObject({
      breaker: { state: 'open', opened_at: expect.any(String), probe_in_seconds: expect.any(Number) },
      retries_waiting: 3,
    });
    expect(await upstream.seen()).toHaveLength(2);

    await until(async () => (await get(service, `/status/${id}`))['status'], 'completed');
    expect(await get(service, '/health')).toMatchObject({ status: 'healthy', breaker: 'closed' });
    const [, second, third] = await upstream.seen();
    expect((third?.atMs ?? 0) - (second?.atMs ?? 0)).toBeGreaterThanOrEqual(1900);
  });

  it('does not start with a token file that it cannot read', () => {
    const { exitCode, stderr } = failToStart({
      DATA_DIR: newFolder(),
      EXTERNAL_API_URL: upstream.urlOf('/process'),
      EXTERNAL_API_TOKEN_FILE: '/does/not/exist',
    });
    expect(stderr).toMatch(/^sluice cannot start: EXTERNAL_API_TOKEN_FILE cannot be used: ENOENT.*\n$/);
    expect(exitCode).toBe(78);
  });
});
