import { closeSync, fsyncSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { connectionOf } from '../../../test/support/sqlite-connections.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { packIds } from '../../domain/packed-ids.js';
import type { NewIngestion } from '../../domain/ingestion.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { StoreLostError, StoreOpenError } from '../../domain/store-errors.js';
import { DATABASE_FILE } from './database/open-connection.js';
import { SqliteStore } from './store.js';
import { claimFrom } from '../../../test/support/claims.js';

const PAGE_BYTES = 4096;
const TERMS = { lane: DEFAULT_LANE, batchSize: 3, delayMs: 0, leaseMs: 60_000, agingMs: null };

const newList = (): NewIngestion => ({
  ingestionId: uuidV7(),
  lane: DEFAULT_LANE,
  priority: 'HIGH',
  client: null,
  packedIds: packIds([1, 2, 3]),
});

/** Damages the given pages; page 1 is the first. */
function damage(path: string, pages: readonly number[]): void {
  const file = openSync(path, 'r+');
  for (const page of pages) {
    writeSync(file, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
  }
  fsyncSync(file);
  closeSync(file);
}

const pagesOf = (path: string): number => statSync(path).size / PAGE_BYTES;

describe('The embedded store with a damaged page', () => {
  const newFolder = useTempFolders();
  let folder: string;
  let path: string;
  let errors: jest.SpiedFunction<Logger['error']>;

  beforeEach(() => {
    errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    folder = newFolder();
    path = join(folder, DATABASE_FILE);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is refused at the start with one line, whichever page it is', async () => {
    const lists = SqliteStore.open(folder, new ManualClock());
    await lists.ingestions.acceptAll(Array.from({ length: 60 }, newList));
    await lists.close();
    const whole = pagesOf(path);

    for (let page = 2; page <= whole; page++) {
      const [damagedFolder] = [newFolder()];
      const damagedPath = join(damagedFolder, DATABASE_FILE);
      await copyTo(damagedPath);
      damage(damagedPath, [page]);

      const open = (): SqliteStore => SqliteStore.open(damagedFolder, new ManualClock());
      expect(open).toThrow(StoreOpenError);
      expect(open).toThrow(/^[^\n]*(is damaged|is not a readable database)[^\n]*$/);
    }
  });

  async function copyTo(target: string): Promise<void> {
    const store = SqliteStore.open(folder, new ManualClock());
    await store.maintenance.backUp(target);
    await store.close();
  }

  it('that was whole at the start: takes and gives nothing from the first fault on, and says so once', async () => {
    let opened: SqliteStore | undefined;
    const connection = connectionOf(() => (opened = SqliteStore.open(folder, new ManualClock())));
    const store = opened as unknown as SqliteStore;
    await store.ingestions.acceptAll(Array.from({ length: 60 }, newList));
    connection.prepare('PRAGMA wal_checkpoint(RESTART)').get();
    connection.exec('PRAGMA shrink_memory');
    damage(
      path,
      Array.from({ length: pagesOf(path) - 1 }, (_, i) => i + 2),
    );

    await expect(store.ingestions.acceptAll([newList()])).rejects.toBeInstanceOf(StoreLostError);
    await expect(store.ingestions.acceptAll([newList()])).rejects.toBeInstanceOf(StoreLostError);
    await expect(claimFrom(store, TERMS)).rejects.toBeInstanceOf(StoreLostError);
    await expect(store.maintenance.ping()).rejects.toMatchObject({ detail: 'the store is damaged' });
    await expect(store.maintenance.backUp(join(newFolder(), 'copy'))).rejects.toBeInstanceOf(StoreLostError);
    expect(errors.mock.calls.map(([line]) => line as string)).toEqual([
      `${path} is damaged (database disk image is malformed): nothing is accepted or sent any more. ` +
        'Stop the service, keep a copy of the file and of its log, and start on a backup',
    ]);
    await store.close();
  });
});
