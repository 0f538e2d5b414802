import { cpSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { connectionOf } from '../../../test/support/sqlite-connections.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { countIds, packIds } from '../../domain/packed-ids.js';
import { STAGING_CHUNK_IDS } from '../../ingestion/streaming/staging.repository.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { DATABASE_FILE } from './database/open-connection.js';
import { SqliteStore } from './store.js';

const LEASE_MS = 60_000;
const LIST_ID = '0198c0de-0000-7000-8000-000000000001';
const LIST = { ingestionId: LIST_ID, lane: DEFAULT_LANE, priority: 'LOW', client: null } as const;
const BLOCK = packIds(Array.from({ length: STAGING_CHUNK_IDS }, (_, i) => i + 1));

describe('The embedded store', () => {
  const newFolder = useTempFolders();

  it.each([
    ['flushes every commit to the disk', 'synchronous', 2],
    ['appends to a write-ahead log', 'journal_mode', 'wal'],
    ['holds its file alone', 'locking_mode', 'exclusive'],
  ])('%s', async (_, pragma, value) => {
    const folder = newFolder();
    for (let starts = 0; starts < 2; starts++) {
      const stores: SqliteStore[] = [];
      const connection = connectionOf(() => stores.push(SqliteStore.open(folder, new ManualClock())));

      expect(connection.prepare(`PRAGMA ${pragma}`).get()).toEqual({ [pragma]: value });
      await Promise.all(stores.map((store) => store.close()));
    }
  });

  it('keeps what it answered where some or all blocks of a list that were not brought to the disk are lost', async () => {
    const folder = newFolder();
    const log = `${DATABASE_FILE}-wal`;
    // otherwise the log has space left from the migrations
    await SqliteStore.open(folder, new ManualClock()).close();
    const store = SqliteStore.open(folder, new ManualClock());
    await store.ingestions.acceptAll([{ ...LIST, packedIds: packIds([1, 2, 3]) }]);
    const stagingNo = await store.staging.create(LEASE_MS, null);
    const flushedBytes = statSync(join(folder, log)).size;
    for (const precedingIds of [0, countIds(BLOCK)]) {
      await store.staging.append(stagingNo, { packedIds: BLOCK, precedingIds }, LEASE_MS);
    }
    const writtenBytes = statSync(join(folder, log)).size;
    expect(writtenBytes).toBeGreaterThan(flushedBytes);

    for (let bytes = flushedBytes; bytes <= writtenBytes; bytes += 4000) {
      const copy = newFolder();
      cpSync(folder, copy, { recursive: true });
      truncateSync(join(copy, log), bytes);
      const reopened = SqliteStore.open(copy, new ManualClock());
      expect(await reopened.ingestions.findById(LIST_ID)).toMatchObject({ total: 3 });
      expect(await reopened.staging.pendingCounts(null)).toEqual({ pending: 3, staged: 0 });
      await reopened.close();
    }
    await store.close();
  });
});
