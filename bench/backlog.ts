import { v7 as uuidV7 } from 'uuid';
import type { NewIngestion } from '../src/domain/ingestion.js';
import type { IngestionRepository } from '../src/ingestion/ingestion.repository.js';
import type { QueueRepository } from '../src/scheduler/queue/queue.repository.js';
import type { SqliteStore } from '../src/storage/sqlite/store.js';
import { loadRuntime, loadDatabaseUrl, loadIdList, loadPostgresStore, loadStore } from './in-process.ts';

/** The pending ids that a store is filled with. */
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

/** The part of a store that a benchmark uses. */
export interface BenchStore {
  readonly ingestions: Pick<IngestionRepository, 'acceptAll'>;
  readonly dispatches: QueueRepository;
  close(): Promise<void>;
}

/** The default pool size of a replica. */
const POOL_SIZE = 10;

export async function openPostgresStore(url: string, schema: string): Promise<BenchStore> {
  const [{ PostgresStore: Store }, { SystemRuntime }, { parseDatabaseUrl }] = await Promise.all([
    loadPostgresStore(),
    loadRuntime(),
    loadDatabaseUrl(),
  ]);
  return Store.open(
    { servers: parseDatabaseUrl(url), schema, poolSize: POOL_SIZE, connectTimeoutMs: 5000 },
    new SystemRuntime(),
  );
}

export async function openStore(dataDir: string): Promise<SqliteStore> {
  const [{ SqliteStore: Store }, { SystemRuntime }] = await Promise.all([loadStore(), loadRuntime()]);
  return Store.open(dataDir, new SystemRuntime());
}

/** Accepts `ingestions` lists of `idsEach` ids and assigns the priorities in turn. */
export async function addIngestions(
  store: Pick<BenchStore, 'ingestions'>,
  ingestions: number,
  idsEach: number,
): Promise<void> {
  const { packIds } = await loadIdList();
  const packedIds = packIds(Array.from({ length: idsEach }, (_, i) => i + 1));
  for (let first = 0; first < ingestions; first += PER_COMMIT) {
    const group = Array.from({ length: Math.min(PER_COMMIT, ingestions - first) }, (_, i): NewIngestion => ({
      ingestionId: uuidV7(),
      lane: 'default',
      priority: PRIORITIES[i % PRIORITIES.length] ?? 'LOW',
      client: null,
      packedIds,
    }));
    await store.ingestions.acceptAll(group);
  }
}
