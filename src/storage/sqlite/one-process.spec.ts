import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { packIds } from '../../domain/packed-ids.js';
import { StoreOpenError } from '../../domain/store-errors.js';
import { SqliteStore } from './store.js';

const SUPPORT = new URL('../../../test/support/', import.meta.url);
const LOADER = new URL('load-typescript.ts', SUPPORT).href;
const HOLDER = fileURLToPath(new URL('store-holder.ts', SUPPORT));

const ONE_LIST = {
  ingestionId: '0198c0de-0000-7000-8000-000000000001',
  lane: 'default',
  priority: 'HIGH' as const,
  client: null,
  packedIds: packIds([1]),
};

describe('The embedded store, its file held by one process,', () => {
  const newFolder = useTempFolders();
  const children: ChildProcess[] = [];
  afterEach(async () => {
    await Promise.all(children.splice(0).map(kill));
  });

  /** Starts another process on the folder; resolves with the process and its first line of output. */
  async function startHolder(folder: string): Promise<{ child: ChildProcess; line: unknown }> {
    const child = spawn(process.execPath, ['--import', LOADER, HOLDER, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {},
    });
    children.push(child);
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as unknown[];
    return { child, line };
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }

  it('refuses a second one with one clear line, and harms nothing', async () => {
    const folder = newFolder();
    const store = SqliteStore.open(folder, new ManualClock());
    await store.ingestions.acceptAll([ONE_LIST]);

    const { child, line } = await startHolder(folder);
    await once(child, 'exit');

    expect(line).toBe(`StoreOpenError: ${folder}/sluice.sqlite is in use by another process`);
    expect(child.exitCode).toBe(1);
    expect(await store.ingestions.findById(ONE_LIST.ingestionId)).toMatchObject({ total: 1 });
    await store.ingestions.acceptAll([{ ...ONE_LIST, ingestionId: ONE_LIST.ingestionId.replace('1', '2') }]);
    await store.close();
  });

  it('refuses itself where another process was first', async () => {
    const folder = newFolder();
    await startHolder(folder);

    expect(() => SqliteStore.open(folder, new ManualClock())).toThrow(StoreOpenError);
    expect(() => SqliteStore.open(folder, new ManualClock())).toThrow('is in use by another process');
  });

  it('is free again at once when the holder is killed', async () => {
    const folder = newFolder();
    const { child } = await startHolder(folder);
    await kill(child);

    const store = SqliteStore.open(folder, new ManualClock());
    await store.ingestions.acceptAll([ONE_LIST]);
    await store.close();
  });

  it('is free again once the holder has closed it', async () => {
    const folder = newFolder();
    await SqliteStore.open(folder, new ManualClock()).close();

    expect((await startHolder(folder)).line).toBe(`SQLite at ${folder}/sluice.sqlite`);
  });
});
