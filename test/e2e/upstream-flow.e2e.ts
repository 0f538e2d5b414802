import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { failToStart, useBuiltService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';
import { useUpstream } from '../support/upstream/upstream.js';

jest.setTimeout(60_000);

describe('The built service before a real upstream', () => {
  const upstream = useUpstream();
  const newFolder = useTempFolders();
  const start = useBuiltService();

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
    const client = new TestClient(service.url);
    const id = await client.submit([1, 2]);
    await client.waitFor<{ held_for_seconds: number }>('/queue', (queue) => queue.held_for_seconds > 0);
    await waitFor('the wish in the log', () => service.printed.includes('the upstream asks to wait 2 s'));
    writeFileSync(tokenFile, 'token-two-secret\n');
    const health = JSON.stringify(await client.get('/health'));
    await client.waitForStatus(id, 'completed');

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
    const client = new TestClient(service.url);
    const id = await client.submit([1, 2, 3]);
    await client.waitFor<{ breaker: string }>('/health', ({ breaker }) => breaker === 'open');
    const retrying = await client.waitFor<{ retries_waiting: number }>(
      '/queue',
      ({ retries_waiting }) => retries_waiting === 3,
    );
    expect(retrying).toMatchObject({
      breaker: { state: 'open', opened_at: expect.any(String), probe_in_seconds: expect.any(Number) },
    });
    expect(await upstream.seen()).toHaveLength(2);

    await client.waitForStatus(id, 'completed');
    expect(await client.get('/health')).toMatchObject({ status: 'healthy', breaker: 'closed' });
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
