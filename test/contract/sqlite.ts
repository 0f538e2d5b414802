import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { ManualClock } from '../support/manual-clock.js';
import { portsOf } from './ports.js';
import type { OpenStore } from './stores.js';

/** The embedded store in a folder of its own, on a clock that stands still until it is moved. */
export async function openSqlite(): Promise<OpenStore> {
  return openIn(newFolder(), new ManualClock());
}

/** The store in that folder, which goes with its end. */
export function openIn(folder: string, clock: ManualClock): OpenStore {
  const store = SqliteStore.open(folder, clock);
  const close = async (): Promise<void> => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    ...portsOf(store),
    advance: async (ms) => {
      clock.advance(ms);
    },
    reopen: async () => {
      // What a killed process leaves: the files as they are, before a close could tidy them.
      const left = newFolder();
      cpSync(folder, left, { recursive: true });
      await close();
      return openIn(left, clock.restarted());
    },
    close,
  };
}

/** A folder that nobody has used. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sluice-contract-'));
}
