import { cpSync, rmSync } from 'node:fs';
import { afterAll } from '@jest/globals';
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { makeFolder } from '../support/make-folder.js';
import { ManualClock } from '../support/manual-clock.js';
import { portsOf } from './ports.js';
import type { OpenStore } from './stores.js';

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
  const folder = makeFolder();
  cpSync(emptyStore, folder, { recursive: true });
  return openIn(folder, new ManualClock());
}

async function createEmptyStore(): Promise<string> {
  const folder = makeFolder();
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
      const left = makeFolder();
      cpSync(folder, left, { recursive: true });
      await close();
      return openIn(left, clock.restarted());
    },
    close,
  };
}
