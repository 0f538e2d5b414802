import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import { builtMain, useBuiltService } from '../support/built-service.js';
import { freePort } from '../support/free-port.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

describe('A service among other processes', () => {
  const newFolder = useTempFolders();
  const start = useBuiltService();

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
    'drains and ends with 0 on %s',
    async (signal) => {
      const service = await start();
      expect(await service.stop(signal)).toBe(0);

      expect(service.printed).toContain(`${signal}: stopping`);
      expect(service.printed).toContain('"msg":"stopped"');
    },
  );

  it('opens no debugger on SIGUSR1, and goes on', async () => {
    const service = await start();
    process.kill(service.pid, 'SIGUSR1');
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
    expect(await service.stop()).toBe(0);

    expect(service.printed).not.toContain('Debugger');
  });

  it.each([
    ['a pipe that nobody reads', 'pipe'],
    ['a volume that is full', '/dev/full'],
  ])('answers and stops while its log goes to %s', async (_, log) => {
    const port = await freePort();
    const output = log === 'pipe' ? 'pipe' : openSync(log, 'w');
    const child = spawn(process.execPath, [builtMain()], {
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: newFolder(),
        LOG_LEVEL: 'DEBUG',
      },
      stdio: ['ignore', output, 'ignore'],
    });
    if (output !== 'pipe') {
      closeSync(output);
    }
    const exited = once(child, 'exit');
    try {
      const get = async (path: string): Promise<number | null> =>
        fetch(`http://127.0.0.1:${String(port)}${path}`).then(
          ({ status }) => status,
          () => null,
        );
      await waitFor('the service to answer', async () => (await get('/health')) === 200);
      const long = `/${'x'.repeat(8000)}`;
      for (let n = 0; n < 50; n++) {
        expect(await get(long)).toBe(404);
      }
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
