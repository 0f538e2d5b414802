import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(180_000);

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const newFolder = useTempFolders();

/** Copies an example, compiles it against the built package, runs it and returns what it prints. */
async function runExample(name: string): Promise<string> {
  const folder = join(newFolder(), name);
  cpSync(join(ROOT, 'examples', name), folder, { recursive: true });
  linkModules(join(folder, 'node_modules'));
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  const { stdout, stderr } = await run(process.execPath, ['dist/main.js'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', DATA_DIR: join(folder, 'data') },
  });
  expect(stderr).toBe('');
  return stdout;
}

/** Makes the packages of this repository, and the repository itself, look installed. */
function linkModules(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(join(ROOT, 'node_modules')).filter((name) => !name.startsWith('.'))) {
    symlinkSync(join(ROOT, 'node_modules', entry), join(folder, entry));
  }
  symlinkSync(ROOT, join(folder, 'sluice'));
}

describe('The examples run and print what their documentation says', () => {
  it('nest-commonjs', async () => {
    expect(await runExample('nest-commonjs')).toBe(
      'crm receives 1, 2, 3\ncrm receives 4, 5\n5 of 5 ids completed\n',
    );
  });

  it('nest-esm-fastify', async () => {
    expect(await runExample('nest-esm-fastify')).toBe(
      [
        'the warehouse is busy: 11, 12',
        'the warehouse receives 11, 12',
        'the warehouse receives 13, 10000000000000000007',
        '{"total":4,"yet_to_start":0,"in_flight":0,"completed":3,"failed":1,"cancelled":0,"percent":100}',
        '',
      ].join('\n'),
    );
  });
});
