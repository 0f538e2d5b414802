import type * as DatabaseUrlModule from '../src/platform/config/database-url.js';
import type * as RuntimeModule from '../src/domain/system-runtime.js';
import type * as ThinningModule from '../src/domain/limits/thinning.js';
import type * as ParseLimitsModule from '../src/domain/limits/parse-limits.js';
import type * as IdListModule from '../src/domain/packed-ids.js';
import type * as PipeModule from '../src/ingestion/dto/ingest-request.pipe.js';
import type * as PriorityQueueModule from '../src/scheduler/queue/priority-queue.js';
import type * as LaneRulesModule from '../src/scheduler/rules/lane-rules.js';
import type * as StoreModule from '../src/storage/sqlite/store.js';
import type * as PostgresStoreModule from '../src/storage/postgres/store.js';
import type * as WaitingIdsModule from '../src/storage/postgres/queue/pending-ids.js';
import { pathToFileURL } from 'node:url';
import { SLUICE_MAIN } from './settings.ts';

/** Loads a module of the built service into this process. */
async function load<T>(path: string): Promise<T> {
  return (await import(new URL(path, pathToFileURL(SLUICE_MAIN)).href)) as T;
}

export const loadStore = (): Promise<typeof StoreModule> => load('./storage/sqlite/store.js');
export const loadPostgresStore = (): Promise<typeof PostgresStoreModule> =>
  load('./storage/postgres/store.js');
export const loadDatabaseUrl = (): Promise<typeof DatabaseUrlModule> =>
  load('./platform/config/database-url.js');
export const loadWaitingIds = (): Promise<typeof WaitingIdsModule> =>
  load('./storage/postgres/queue/pending-ids.js');
export const loadRuntime = (): Promise<typeof RuntimeModule> => load('./domain/system-runtime.js');
export const loadPriorityQueue = (): Promise<typeof PriorityQueueModule> =>
  load('./scheduler/queue/priority-queue.js');
export const loadLaneRules = (): Promise<typeof LaneRulesModule> => load('./scheduler/rules/lane-rules.js');
export const loadParseLimits = (): Promise<typeof ParseLimitsModule> =>
  load('./domain/limits/parse-limits.js');
export const loadThinning = (): Promise<typeof ThinningModule> => load('./domain/limits/thinning.js');
export const loadIdList = (): Promise<typeof IdListModule> => load('./domain/packed-ids.js');
export const loadPipe = (): Promise<typeof PipeModule> => load('./ingestion/dto/ingest-request.pipe.js');
