import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, jest } from '@jest/globals';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

const HOST = join(import.meta.dirname, '../support/signal-host.ts');
const HOST_MS = 20_000;
const newFolder = useTempFolders();

jest.setTimeout(60_000);

const DRAINED = ['call begins', 'call ends'];
const SHUT_DOWN = [...DRAINED, 'host shuts down'];

it.each([
  ['without shutdown hooks', 'SIGTERM', [], DRAINED],
  ['without shutdown hooks', 'SIGINT', [], DRAINED],
  ['without shutdown hooks', 'SIGHUP', [], DRAINED],
  ['without shutdown hooks', 'SIGQUIT', [], DRAINED],
  ['with two Sluices', 'SIGTERM', ['two'], DRAINED],
  ['with shutdown hooks', 'SIGTERM', ['hooks'], SHUT_DOWN],
] as const)(
  'A host %s lets the call in flight end on %s, and ends by the signal',
  async (_, signal, args, lines) => {
    expect(await runUntil(signal, args)).toEqual({ ended: { code: null, signal }, lines, completed: 1 });
  },
);

it('A host that closes itself on its first SIGTERM shuts down to its end', async () => {
  expect(await runUntil('SIGTERM', ['once'])).toEqual({
    ended: { code: 0, signal: null },
    lines: SHUT_DOWN,
    completed: 1,
  });
});

/** Sends the signal to a host while a call is in flight; returns how it ended, what it printed and stored. */
async function runUntil(sent: NodeJS.Signals, args: readonly string[]) {
  const folder = newFolder();
  const host = spawn(process.execPath, [HOST, ...args], {
    env: { ...process.env, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: HOST_MS, // a host that goes on must not hold up the tests
    killSignal: 'SIGKILL',
  });
  let output = '';
  host.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await waitFor('the call', () => output.includes('call begins'));

  host.kill(sent);
  const [code, signal] = (await once(host, 'exit')) as [number | null, string | null];

  const database = new DatabaseSync(join(folder, 'sluice.sqlite'), { readOnly: true });
  const stored = database.prepare('SELECT completed FROM ingestion').get();
  database.close();
  return { ended: { code, signal }, lines: output.trim().split('\n'), ...stored };
}
