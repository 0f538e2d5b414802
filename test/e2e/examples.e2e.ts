import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WebhookSecrets } from '../../src/webhooks/webhook-secrets.js';
import { useBuiltService } from '../support/built-service.js';
import { freePort } from '../support/free-port.js';
import { usePostgres } from '../support/postgres-stores.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(180_000);

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const newFolder = useTempFolders();

/** Copies an example, compiles it against the built package, runs it and returns what it prints. */
async function runExample(name: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const folder = join(newFolder(), name);
  cpSync(join(ROOT, 'examples', name), folder, { recursive: true });
  linkModules(join(folder, 'node_modules'));
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  const { stdout, stderr } = await run(process.execPath, ['dist/main.js'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', DATA_DIR: join(folder, 'data'), ...environment },
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

/** Makes a folder in which the package of the client is installed. */
async function installClient(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  linkModules(modules);
  const client = join(modules, '@sluice/client');
  mkdirSync(client, { recursive: true });
  copyFileSync(join(ROOT, 'packages/client/package.json'), join(client, 'package.json'));
  await run(process.execPath, [join(ROOT, 'scripts/build-client.ts'), join(client, 'dist')]);
}

describe('The examples run and print what their documentation says', () => {
  const postgres = usePostgres();

  /** Creates an empty database and returns its URL. */
  async function newDatabase(): Promise<string> {
    const name = `example_${randomBytes(8).toString('hex')}`;
    await postgres.run(`CREATE DATABASE ${name}`);
    const url = new URL(postgres.url);
    url.pathname = `/${name}`;
    return String(url);
  }

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

  it('transaction', async () => {
    expect(await runExample('transaction', { DATABASE_URL: await newDatabase() })).toBe(
      [
        'the warehouse receives 101, 102, 10000000000000000007',
        '3 of 3 ids completed',
        'duplicate key value violates unique constraint "orders_pkey"',
        'the warehouse receives 104',
        '1 of 1 ids completed',
        '',
      ].join('\n'),
    );
  });
});

describe('The small programs print what they are about', () => {
  const start = useBuiltService();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-spec-'));
  const fast = { BATCH_DELAY: '0.2', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' };
  beforeAll(() => installClient(folder));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program of the folder `examples` against a service; returns the lines that it prints. */
  async function runProgram(name: string, environment: Readonly<Record<string, string>>): Promise<string[]> {
    copyFileSync(join(ROOT, 'examples', name), join(folder, name));
    const { stdout, stderr } = await run(process.execPath, [join(folder, name)], {
      env: { PATH: process.env['PATH'], ...environment },
    });
    expect(stderr).toBe('');
    return stdout.trimEnd().split('\n');
  }

  it('submit-and-follow', async () => {
    const { url } = await start(fast);

    expect(await runProgram('submit-and-follow.mjs', { SLUICE_URL: url })).toEqual([
      'sent 1, 2, 3',
      'sent 4, 10000000000000000007',
      'the list is completed',
      ...['1', '2', '3', '4', '10000000000000000007'].map((id) => `${id}: completed, "processed"`),
    ]);
  });

  it('webhook-receiver', async () => {
    const master = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const secrets = new WebhookSecrets({ shared: [], masters: [master], byClient: new Map() });
    const { url } = await start({ ...fast, WEBHOOK_MASTER_SECRET: master, CALLBACK_ALLOW: '127.0.0.1' });

    expect(
      await runProgram('webhook-receiver.mjs', {
        SLUICE_URL: url,
        WEBHOOK_SECRET: secrets.for(null)[0] ?? '',
      }),
    ).toEqual(['refused: Missing required headers', 'ingestion.completed: 3 of 3 ids']);
  });

  it('several-lanes', async () => {
    const { url } = await start({ ...fast, LANES_FILE: join(ROOT, 'examples/several-lanes.yaml') });

    expect(await runProgram('several-lanes.mjs', { SLUICE_URL: url })).toEqual([
      'crm: 6 ids completed in 2 dispatches',
      'billing: 2 ids completed in 2 dispatches',
      'shop: 400, lane is not a known lane; the lanes are default, crm, billing',
    ]);
  });

  it('redrive', async () => {
    const port = String(await freePort());
    const { url } = await start({ ...fast, EXTERNAL_API_URL: `http://127.0.0.1:${port}/items/{id}` });

    expect(await runProgram('redrive.mjs', { SLUICE_URL: url, UPSTREAM_PORT: port })).toEqual([
      'failed',
      '2 failed: rejected, the upstream answered 404',
      '1 sent again',
      'completed',
    ]);
  });

  it('stream-a-file', async () => {
    const { url } = await start({ ...fast, BATCH_DELAY: '0', BATCH_SIZE: '1000' });

    expect(await runProgram('stream-a-file.mjs', { SLUICE_URL: url })).toEqual([
      'accepted 10000 ids',
      'completed',
    ]);
  });

  it('and each program is one of these', () => {
    expect(readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.mjs'))).toEqual([
      'redrive.mjs',
      'several-lanes.mjs',
      'stream-a-file.mjs',
      'submit-and-follow.mjs',
      'webhook-receiver.mjs',
    ]);
  });
});
