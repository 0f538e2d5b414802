import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from '@jest/globals';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

const HOST = join(import.meta.dirname, '../support/signal-host.ts');
const newFolder = useTempFolders();

it.each([
  ['without shutdown hooks', [], ['call begins', 'call ends']],
  ['with shutdown hooks', ['hooks'], ['call begins', 'call ends', 'host shuts down']],
])('A host %s lets the call in flight end on SIGTERM, and ends by the signal', async (_, given, lines) => {
  const folder = newFolder();
  const host = spawn(process.execPath, [HOST, ...given], {
    env: { ...process.env, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  host.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await waitFor('the call', () => output.includes('call begins'));

  host.kill('SIGTERM');
  const [code, signal] = (await once(host, 'exit')) as [number | null, string | null];

  expect({ code, signal }).toEqual({ code: null, signal: 'SIGTERM' });
  expect(output.trim().split('\n')).toEqual(lines);
  const database = new DatabaseSync(join(folder, 'sluice.sqlite'), { readOnly: true });
  expect(database.prepare('SELECT completed FROM ingestion').get()).toEqual({ completed: 1 });
  database.close();
});
