import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { connectionOf } from '../../../test/support/sqlite-connections.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { SqliteStore } from './sqlite-store.js';

describe('The embedded store', () => {
  const newFolder = useTempFolders();

  it.each([
    ['flushes every commit to the disk', 'synchronous', 2],
    ['appends to a write-ahead log', 'journal_mode', 'wal'],
    ['holds its file alone', 'locking_mode', 'exclusive'],
  ])('%s', (_, pragma, value) => {
    const folder = newFolder();
    const connection = connectionOf(() => SqliteStore.open(folder, new ManualClock()));

    expect(connection.prepare(`PRAGMA ${pragma}`).get()).toEqual({ [pragma]: value });
    connection.close();

    const reopened = connectionOf(() => SqliteStore.open(folder, new ManualClock()));
    expect(reopened.prepare(`PRAGMA ${pragma}`).get()).toEqual({ [pragma]: value });
    reopened.close();
  });
});
