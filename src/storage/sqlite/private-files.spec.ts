import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { DATABASE_FILE } from './database/open-connection.js';
import { SqliteStore } from './store.js';

const PERMISSIONS = 0o7777;

describe('The embedded store', () => {
  const stores: SqliteStore[] = [];
  let umask = 0;
  beforeEach(() => {
    umask = process.umask(0o022);
  });
  afterEach(async () => {
    process.umask(umask);
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  const newFolder = useTempFolders(); // after the stores are closed

  function open(folder: string): void {
    stores.push(SqliteStore.open(folder, new ManualClock()));
  }

  const modeOf = (path: string): string => (statSync(path).mode & PERMISSIONS).toString(8);

  /** The modes of the folder, the database and its log. */
  function modesIn(folder: string): string[] {
    const path = join(folder, DATABASE_FILE);
    return [folder, path, `${path}-wal`].map(modeOf);
  }

  /** Makes the folder of a killed process of an older release: readable for all, with a log. */
  function olderStore(): string {
    const folder = join(newFolder(), 'data');
    open(folder);
    const path = join(folder, DATABASE_FILE);
    [path, `${path}-wal`].forEach((file) => {
      chmodSync(file, 0o644);
    });
    chmodSync(folder, 0o755);
    return folder;
  }

  async function stop(): Promise<void> {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  }

  it('is readable for its owner alone, with every folder that it makes', () => {
    const folder = join(newFolder(), 'made', 'data');
    open(folder);
    expect(modesIn(folder)).toEqual(['700', '600', '600']);
    expect(modeOf(dirname(folder))).toBe('700');
  });

  it('takes the rights of others away from a store of an older release', async () => {
    const folder = olderStore();
    expect(modesIn(folder)).toEqual(['755', '644', '644']);
    await stop();
    open(folder);
    expect(modesIn(folder)).toEqual(['700', '600', '600']);
  });

  it('leaves the mode of a folder that holds other things, and of one that all users share', async () => {
    const folder = olderStore();
    await stop();
    writeFileSync(join(folder, 'notes.txt'), '');
    open(folder);
    expect(modesIn(folder)).toEqual(['755', '600', '600']);
    const shared = join(newFolder(), 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o1777);
    open(shared);
    expect(modesIn(shared)).toEqual(['1777', '600', '600']);
  });

  it('changes no mode of a file that it refuses', () => {
    const folder = newFolder();
    chmodSync(folder, 0o755);
    const path = join(folder, DATABASE_FILE);
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE other (id INTEGER)');
    foreign.close();
    expect(() => SqliteStore.open(folder, new ManualClock())).toThrow("is another program's database");
    expect([folder, path].map(modeOf)).toEqual(['755', '644']);
  });

  it('writes backups for the owner alone', async () => {
    open(join(newFolder(), 'data'));
    const [store] = stores;
    const file = join(newFolder(), 'backups', 'sluice-copy.sqlite');
    await store?.maintenance.backUp(file);
    expect([dirname(file), file].map(modeOf)).toEqual(['700', '600']);
  });
});
