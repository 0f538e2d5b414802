import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { packIds } from '../../domain/packed-ids.js';
import type { NewIngestion } from '../../domain/ingestion.js';
import { DEFAULT_LANE } from '../../domain/lane.js';
import { StoreLostError } from '../../domain/store-errors.js';
import { DATABASE_FILE } from './database/open-connection.js';
import { SqliteStore } from './store.js';
import { claimFrom } from '../../../test/support/claims.js';

const TERMS = { lane: DEFAULT_LANE, batchSize: 3, delayMs: 0, leaseMs: 60_000, agingMs: null };
const LOOK_MS = 1000;

const newList = (): NewIngestion => ({
  ingestionId: uuidV7(),
  lane: DEFAULT_LANE,
  priority: 'HIGH',
  client: null,
  packedIds: packIds([1]),
});

interface Case {
  readonly name: string;
  /** The file that the log line names. */
  readonly file: '' | '-wal';
  readonly what: string;
  lose(folder: string, path: string): void;
}

const REMOVED = 'was removed or moved away';
const REPLACED = 'was replaced by another file';
const CASES: readonly Case[] = [
  {
    name: 'its file is removed with all that stands beside it',
    file: '',
    what: REMOVED,
    lose: (folder) => {
      rmSync(folder, { recursive: true });
    },
  },
  {
    name: 'its file alone is removed',
    file: '',
    what: REMOVED,
    lose: (_, path) => {
      rmSync(path);
    },
  },
  {
    name: 'a copy is moved over its file',
    file: '',
    what: REPLACED,
    lose: (_, path) => {
      cpSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
  },
  {
    name: 'its folder is renamed',
    file: '',
    what: REMOVED,
    lose: (folder) => {
      renameSync(folder, `${folder}-elsewhere`);
    },
  },
  {
    name: 'its folder is renamed and a fresh one put there',
    file: '',
    what: REMOVED,
    lose: (folder) => {
      renameSync(folder, `${folder}-elsewhere`);
      mkdirSync(folder);
    },
  },
  {
    name: 'its log is removed',
    file: '-wal',
    what: REMOVED,
    lose: (_, path) => {
      rmSync(`${path}-wal`);
    },
  },
  {
    name: 'its log is replaced',
    file: '-wal',
    what: REPLACED,
    lose: (_, path) => {
      rmSync(`${path}-wal`);
      writeFileSync(`${path}-wal`, 'another log');
    },
  },
];

describe('The embedded store, in use while', () => {
  const newFolder = useTempFolders();
  let folder: string;
  let path: string;
  let store: SqliteStore;
  let errors: jest.SpiedFunction<Logger['error']>;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    folder = join(newFolder(), 'data');
    path = join(folder, DATABASE_FILE);
    store = SqliteStore.open(folder, new ManualClock());
  });
  afterEach(async () => {
    await store.close();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  const lines = (): string[] => errors.mock.calls.map(([line]) => String(line));

  describe.each(CASES)('$name,', ({ file, what, lose }) => {
    const expectTold = (): void => {
      expect(lines()).toEqual([
        expect.stringContaining(
          `${path}${file} ${what} while in use: nothing is accepted or sent any more. `,
        ) as unknown,
      ]);
    };

    it('acknowledges nothing more and claims nothing more', async () => {
      await store.ingestions.acceptAll([newList(), newList()]);
      lose(folder, path);

      await expect(store.ingestions.acceptAll([newList()])).rejects.toBeInstanceOf(StoreLostError);
      await expect(claimFrom(store, TERMS)).rejects.toBeInstanceOf(StoreLostError);
      await expect(store.maintenance.ping()).rejects.toBeInstanceOf(StoreLostError);
      expectTold();
    });

    it('gives out no dispatch where a claim is the first to come', async () => {
      await store.ingestions.acceptAll([newList()]);
      lose(folder, path);

      await expect(claimFrom(store, TERMS)).rejects.toBeInstanceOf(StoreLostError);
    });

    it('acknowledges no list whose commit is on its way to the disk', async () => {
      const accepted = store.ingestions.acceptAll([newList()]);
      lose(folder, path);

      await expect(accepted).rejects.toBeInstanceOf(StoreLostError);
    });

    it('tells within a second where nobody asks, and once', () => {
      lose(folder, path);
      jest.advanceTimersByTime(5 * LOOK_MS);

      expectTold();
    });
  });

  it('its log is removed, keeps every list that it has acknowledged', async () => {
    const list = newList();
    await store.ingestions.acceptAll([list]);
    rmSync(`${path}-wal`);
    await expect(store.maintenance.ping()).rejects.toThrow(`All that it held stands in ${path} now`);
    const killed = newFolder();
    cpSync(folder, killed, { recursive: true });

    const again = SqliteStore.open(killed, new ManualClock());
    expect(await again.ingestions.findById(list.ingestionId)).toMatchObject({ total: 1 });
    await again.close();
  });

  it('its file is removed, still writes a backup of all that it has acknowledged', async () => {
    const list = newList();
    await store.ingestions.acceptAll([list]);
    rmSync(folder, { recursive: true });
    await expect(store.maintenance.ping()).rejects.toBeInstanceOf(StoreLostError);
    const restored = newFolder();
    await store.maintenance.backUp(join(restored, DATABASE_FILE));

    const again = SqliteStore.open(restored, new ManualClock());
    expect(await again.ingestions.findById(list.ingestionId)).toMatchObject({ total: 1 });
    await again.close();
  });

  it('another store is put in its place, leaves that one as it is when it stops', async () => {
    const [other, before] = [newFolder(), newFolder()];
    const running = SqliteStore.open(other, new ManualClock());
    const list = newList();
    await running.ingestions.acceptAll([list]);
    cpSync(other, before, { recursive: true }); // with a log that is not empty
    await running.close();
    rmSync(folder, { recursive: true });
    renameSync(before, folder);
    await store.close();

    const again = SqliteStore.open(folder, new ManualClock());
    expect(await again.ingestions.findById(list.ingestionId)).toMatchObject({ total: 1 });
    await again.close();
  });
});
