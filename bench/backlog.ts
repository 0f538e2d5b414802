import { v7 as uuidV7 } from 'uuid';
import type { NewIngestion } from '../src/ingestion/ingestion.js';
import type { SqliteStore } from '../src/storage/sqlite/sqlite-store.js';
import { loadClock, loadIdList, loadStore } from './in-process.ts';

/** What waits. */
export interface Backlog {
  readonly name: string;
  readonly ingestions: number;
  readonly idsEach: number;
}

export const BACKLOGS: readonly Backlog[] = [
  { name: '1,000 ingestions of 5 ids', ingestions: 1_000, idsEach: 5 },
  { name: '100,000 ingestions of 5 ids', ingestions: 100_000, idsEach: 5 },
  { name: 'one ingestion of 1,000,000 ids', ingestions: 1, idsEach: 1_000_000 },
];

const PER_COMMIT = 1_000;
const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;

export async function openStore(dataDir: string): Promise<SqliteStore> {
  const [{ SqliteStore: Store }, { SystemClock }] = await Promise.all([loadStore(), loadClock()]);
  return Store.open(dataDir, new SystemClock());
}

/** Accepts `ingestions` lists of `idsEach` ids, their priorities in turn. */
export async function addIngestions(store: SqliteStore, ingestions: number, idsEach: number): Promise<void> {
  const { packIds } = await loadIdList();
  const packedIds = packIds(Array.from({ length: idsEach }, (_, i) => i + 1));
  for (let first = 0; first < ingestions; first += PER_COMMIT) {
    const group = Array.from({ length: Math.min(PER_COMMIT, ingestions - first) }, (_, i): NewIngestion => ({
      ingestionId: uuidV7(),
      priority: PRIORITIES[i % PRIORITIES.length] ?? 'LOW',
      packedIds,
    }));
    await store.ingestions.acceptAll(group);
  }
}
