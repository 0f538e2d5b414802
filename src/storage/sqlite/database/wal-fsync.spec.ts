import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../../test/support/temp-folder.js';
import { packIds } from '../../../domain/packed-ids.js';
import { DEFAULT_LANE } from '../../../domain/lane.js';
import type { NewIngestion } from '../../../domain/ingestion.js';
import { WalFsync } from './wal-fsync.js';
import { IDS_PER_CHECKPOINT } from '../ingestion/staging.repository.js';
import { SqliteStore } from '../store.js';

const LEASE_MS = 60_000;

type SyncDone = Parameters<typeof fs.fdatasync>[1];

function ingestion(): NewIngestion {
  return {
    ingestionId: uuidV7(),
    lane: DEFAULT_LANE,
    priority: 'LOW',
    client: null,
    packedIds: packIds([1, 2, 3]),
  };
}

describe('The log of the embedded store', () => {
  const newFolder = useTempFolders();

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is on the disk before an acceptance is answered', async () => {
    const store = SqliteStore.open(newFolder(), new ManualClock());
    const synced: SyncDone[] = [];
    jest.spyOn(fs, 'fdatasync').mockImplementation((_, done) => {
      synced.push(done);
    });
    let isAnswered = false;
    const answer = store.ingestions.acceptAll([ingestion()]).then(() => {
      isAnswered = true;
    });

    await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    expect(synced).toHaveLength(1);
    synced[0]?.(null);
    await answer;
    await store.close();
  });

  it('is not checkpointed for a list that arrives while an acceptance waits for it, unless one always does', async () => {
    const store = SqliteStore.open(newFolder(), new ManualClock());
    const stagingNo = await store.staging.create(LEASE_MS, null);
    const synced: SyncDone[] = [];
    jest.spyOn(fs, 'fdatasync').mockImplementation((_, done) => {
      synced.push(done);
    });
    const packedIds = packIds(Array.from({ length: IDS_PER_CHECKPOINT }, (_, i) => i + 1));
    const list = { isAppended: false };
    const appending = store.staging.append(stagingNo, { packedIds, precedingIds: 0 }, LEASE_MS).then(() => {
      list.isAppended = true;
    });

    const answers: Promise<unknown>[] = [];
    let steppedBack = 0;
    for (; !list.isAppended && steppedBack < 100; steppedBack++) {
      answers.push(store.ingestions.acceptAll([ingestion()]));
      synced.splice(0, 1).forEach((done) => {
        done(null);
      });
      await new Promise(setImmediate);
    }
    expect(steppedBack).toBeGreaterThan(1);
    expect(list.isAppended).toBe(true);
    synced.forEach((done) => {
      done(null);
    });
    await Promise.all([appending, ...answers]);
    await store.close();
  });

  it('answers no acceptance where the disk fails, and gives up', async () => {
    const path = join(newFolder(), 'log');
    fs.writeFileSync(path, '');
    const errors: Error[] = [];
    const log = new WalFsync(path, (error) => errors.push(error));
    jest.spyOn(fs, 'fdatasync').mockImplementation((_, done) => {
      done(new Error('EIO: i/o error, fdatasync'));
    });
    let isDurable = false;
    void log.flush().then(() => {
      isDurable = true;
    });

    await new Promise(setImmediate);
    expect(isDurable).toBe(false);
    expect(errors.map(({ message }) => message)).toEqual([
      `${path} cannot be brought to the disk: EIO: i/o error, fdatasync`,
    ]);
    log.close();
  });
});
