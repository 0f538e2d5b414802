import { cpSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { ManualClock } from '../support/manual-clock.js';
import { portsOf } from './ports.js';
import type { OpenStore } from './stores.js';

/** Linux keeps the files of this folder in memory. */
const MEMORY_FOLDER = '/dev/shm';
const MIN_ROOM_BYTES = 2 ** 30;

/** The folder of a closed, empty store. Each fresh store is a copy of it, because to create the schema takes long. */
let emptyStore: string | undefined;

afterAll(() => {
  if (emptyStore !== undefined) {
    rmSync(emptyStore, { recursive: true, force: true });
    emptyStore = undefined;
  }
});

/** Opens an embedded store in a new folder, with a clock that stands still until it is advanced. */
export async function openSqlite(): Promise<OpenStore> {
  emptyStore ??= await createEmptyStore();
  const folder = newFolder();
  cpSync(emptyStore, folder, { recursive: true });
  return openIn(folder, new ManualClock());
}

async function createEmptyStore(): Promise<string> {
  const folder = newFolder();
  await SqliteStore.open(folder, new ManualClock()).close();
  return folder;
}

/** Opens the store in that folder; closing the store removes the folder. */
export function openIn(folder: string, clock: ManualClock): OpenStore {
  const store = SqliteStore.open(folder, clock);
  const close = async (): Promise<void> => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    ...portsOf(store),
    runtime: clock,
    advance: async (ms) => {
      clock.advance(ms);
    },
    reopen: async () => {
      // A killed process leaves the files as they are, without the cleanup of a close.
      const left = newFolder();
      cpSync(folder, left, { recursive: true });
      await close();
      return openIn(left, clock.restarted());
    },
    close,
  };
}

/** Returns a new folder, in memory where there is room: no test of the contract turns the power off. */
export function newFolder(): string {
  return mkdtempSync(join(hasRoom(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), 'sluice-contract-'));
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > MIN_ROOM_BYTES;
  } catch {
    return false; // not on Linux
  }
}
