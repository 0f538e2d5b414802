import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { ManualClock } from '../support/manual-clock.js';
import { portsOf } from './ports.js';
import type { OpenStore } from './stores.js';

/** Opens an embedded store in a new folder, with a clock that stands still until it is advanced. */
export async function openSqlite(): Promise<OpenStore> {
  return openIn(newFolder(), new ManualClock());
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

/** Returns a new folder. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sluice-contract-'));
}
