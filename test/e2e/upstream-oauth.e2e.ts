import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { builtMain, useBuiltService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { useTempFolders } from '../support/temp-folder.js';
import { useTokenServer } from '../support/token-server.js';
import { useUpstream } from '../support/upstream/upstream.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

describe('The built service as an OAuth 2.0 client', () => {
  const upstream = useUpstream();
  const tokens = useTokenServer();
  const newFolder = useTempFolders();
  const start = useBuiltService();

  function variables(): Record<string, string> {
    const secretFile = join(newFolder(), 'secret');
    writeFileSync(secretFile, 'very-secret-4711\n');
    return {
      EXTERNAL_API_URL: upstream.urlOf('/process'),
      EXTERNAL_API_OAUTH_TOKEN_URL: tokens.current.url,
      EXTERNAL_API_OAUTH_CLIENT_ID: 'sluice',
      EXTERNAL_API_OAUTH_CLIENT_SECRET_FILE: secretFile,
      BATCH_DELAY: '0.05',
      MAX_ATTEMPTS: '1',
      LOG_LEVEL: 'DEBUG',
    };
  }

  it('renews its token after a 401 and completes every id at the first attempt', async () => {
    await upstream.play('good', 'unauthorized', 'good');
    tokens.current.answer = () =>
      tokens.current.next({ access_token: `access-secret-${String(tokens.current.requests.length)}` });
    const service = await start(variables());
    const client = new TestClient(service.url);
    await client.waitForStatus(await client.submit([1, 2, 3, 4, 5, 6]), 'completed');

    expect((await upstream.seen()).map(({ headers }) => headers.authorization)).toEqual([
      'Bearer access-secret-1',
      'Bearer access-secret-1',
      'Bearer access-secret-2',
    ]);
    expect(await service.stop()).toBe(0);
    expect(service.printed).not.toContain('secret-');
  });

  it('keeps the ids while it gets no token, opens the breaker, says why, and goes on by itself', async () => {
    tokens.current.answer = () => ({
      status: 401,
      json: { error: 'invalid_client', error_description: 'very-secret-4711' },
    });
    const service = await start({ ...variables(), BREAKER_THRESHOLD: '2', BREAKER_COOLDOWN: '1' });
    const client = new TestClient(service.url);
    const id = await client.submit([1, 2]);
    await client.waitFor<{ breaker: string }>('/health', ({ breaker }) => breaker === 'open');
    const why = 'no access token: the token server answered 401 invalid_client';
    await waitFor('the reason in the log', () => service.printed.includes(why));
    expect(await upstream.seen()).toEqual([]);

    tokens.current.answer = () => tokens.current.next();
    await client.waitForStatus(id, 'completed');
    expect(await service.stop()).toBe(0);
    expect(service.printed).not.toContain('very-secret');
  });

  it('shows no secret where it prints its settings', () => {
    const env = { PATH: process.env['PATH'], DATA_DIR: newFolder(), ...variables() };
    const { stdout, stderr } = spawnSync(process.execPath, [builtMain(), '--print-config'], {
      env,
      encoding: 'utf8',
    });

    expect(stdout).toContain('EXTERNAL_API_OAUTH_CLIENT_ID=sluice');
    expect(stdout).toContain('EXTERNAL_API_OAUTH_TOKEN_URL=(hidden)');
    expect(stdout + stderr).not.toContain('very-secret');
  });
});
