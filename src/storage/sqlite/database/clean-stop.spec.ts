import { cpSync, existsSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../../test/support/temp-folder.js';
import { packIds } from '../../../domain/packed-ids.js';
import { StoreOpenError } from '../../../domain/store-errors.js';
import { migrate } from './migrate.js';
import { DATABASE_FILE } from './open-connection.js';
import { SqliteStore } from '../store.js';

const LOG_FILE = `${DATABASE_FILE}-wal`;
/** The last schema version without the mark of a clean stop. */
const WITHOUT_MARK = 17;

const ONE_LIST = {
  ingestionId: '0198c0de-0000-7000-8000-000000000001',
  lane: 'default',
  priority: 'HIGH' as const,
  client: null,
  packedIds: packIds([1]),
};

describe('The embedded store, after a stop that was not clean,', () => {
  const newFolder = useTempFolders();

  /** Creates the files that a killed process with one accepted ingestion leaves. */
  async function makeKilled(): Promise<string> {
    const [origin, folder] = [newFolder(), newFolder()];
    const store = SqliteStore.open(origin, new ManualClock());
    await store.ingestions.acceptAll([ONE_LIST]);
    cpSync(origin, folder, { recursive: true });
    await store.close();
    return folder;
  }

  async function openAndFind(folder: string, { allowLostLog = false } = {}): Promise<unknown> {
    const store = SqliteStore.open(folder, new ManualClock(), { allowLostLog });
    try {
      return await store.ingestions.findById(ONE_LIST.ingestionId);
    } finally {
      await store.close();
    }
  }

  it('opens with all that was accepted where its log is beside it', async () => {
    expect(await openAndFind(await makeKilled())).toMatchObject({ total: 1 });
  });

  it.each([
    [
      'was removed',
      (path: string) => {
        rmSync(path);
      },
    ],
    [
      'was emptied',
      (path: string) => {
        truncateSync(path);
      },
    ],
  ])('is refused with a line that says what to do where its log %s', async (_, lose) => {
    const folder = await makeKilled();
    const path = join(folder, DATABASE_FILE);
    lose(join(folder, LOG_FILE));
    const before = readFileSync(path);

    for (const open of [openAndFind(folder), openAndFind(folder)]) {
      await expect(open).rejects.toThrow(
        new StoreOpenError(
          `${path} was not closed cleanly and its log ${path}-wal is missing or empty, with the lists that were accepted last: ` +
            `put the log back beside the file, or start once with ALLOW_LOST_LOG=true to go on without those lists`,
        ),
      );
    }
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('opens without its log where that is allowed, and needs no leave the next time', async () => {
    const folder = await makeKilled();
    rmSync(join(folder, LOG_FILE));

    expect(await openAndFind(folder, { allowLostLog: true })).toBeNull();
    expect(await openAndFind(folder)).toBeNull();
  });

  it('is refused where the log is there and the file is gone, and the log stays', async () => {
    const folder = await makeKilled();
    const path = join(folder, DATABASE_FILE);
    rmSync(path);

    await expect(openAndFind(folder)).rejects.toThrow(
      `${path} is missing or empty, but its log ${path}-wal is there`,
    );
    expect(existsSync(join(folder, LOG_FILE))).toBe(true);
    expect(existsSync(path)).toBe(false);
  });
});

describe('The embedded store opens without a log', () => {
  const newFolder = useTempFolders();

  it('after a clean stop', async () => {
    const folder = newFolder();
    const store = SqliteStore.open(folder, new ManualClock());
    await store.ingestions.acceptAll([ONE_LIST]);
    await store.close();

    expect(existsSync(join(folder, LOG_FILE))).toBe(false);
    const again = SqliteStore.open(folder, new ManualClock());
    expect(await again.ingestions.findById(ONE_LIST.ingestionId)).toMatchObject({ total: 1 });
    await again.close();
  });

  it('as a backup that was written while it worked', async () => {
    const [folder, restored] = [newFolder(), newFolder()];
    const store = SqliteStore.open(folder, new ManualClock());
    await store.ingestions.acceptAll([ONE_LIST]);
    await store.maintenance.backUp(join(restored, DATABASE_FILE));
    await store.close();

    expect(existsSync(join(restored, LOG_FILE))).toBe(false);
    const again = SqliteStore.open(restored, new ManualClock());
    expect(await again.ingestions.findById(ONE_LIST.ingestionId)).toMatchObject({ total: 1 });
    await again.close();
  });

  it('as a release left it that set no mark', async () => {
    const folder = newFolder();
    const older = new DatabaseSync(join(folder, DATABASE_FILE));
    older.exec('PRAGMA journal_mode = WAL');
    migrate(older, WITHOUT_MARK);
    older.close();

    await SqliteStore.open(folder, new ManualClock()).close();
  });
});
