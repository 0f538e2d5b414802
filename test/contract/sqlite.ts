import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '../../src/storage/sqlite/store.js';
import { ManualClock } from '../support/manual-clock.js';
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
    ingestions: store.ingestions,
    dispatches: store.dispatches,
    history: store.history,
    deadLetters: store.deadLetters,
    retention: store.retention,
    queue: store.queue,
    control: store.control,
    outlook: store.outlook,
    results: store.results,
    gate: store.gate,
    minutes: store.minutes,
    staging: store.staging,
    deliveries: store.deliveries,
    rateLimits: store.rateLimits,
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
