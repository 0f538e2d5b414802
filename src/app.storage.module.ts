import {
  Global,
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { Configuration } from './platform/config/configuration.js';
import { parseDatabaseUrl } from './platform/config/database-url.js';
import { SECOND_MS } from './platform/config/units.js';
import { IngestionOptions } from './ingestion/ingestion.options.js';
import { SchedulerOptions } from './scheduler/scheduler.options.js';
import { StoreMetrics } from './operations/metrics/store-metrics.js';
import { PRIORITY_RANKS } from './domain/priority.js';
import { Runtime } from './domain/runtime.js';
import { Tracing } from './operations/tracing/tracing.js';
import { PostgresStore } from './storage/postgres/store.js';
import {
  STORAGE_PORT_NAMES,
  STORAGE_PORTS,
  type StoragePortName,
  type StoragePorts,
} from './storage/ports.js';
import { SqliteStore } from './storage/sqlite/store.js';

type Store = SqliteStore | PostgresStore;

/** Provides the store that the configuration names. */
const STORE = Symbol('store');

/** Closes the store after everything that uses it has stopped. */
@Injectable()
class StoreCloser implements OnApplicationShutdown {
  constructor(@Inject(STORE) private readonly store: Store) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** Provides a port of the store, with its metrics and traces. */
function providePort(name: StoragePortName): Provider {
  return {
    provide: STORAGE_PORTS[name],
    inject: [STORE, StoreMetrics, Tracing],
    useFactory: (store: StoragePorts, metrics: StoreMetrics, tracing: Tracing) =>
      tracing.instrumentRepository(name, metrics.instrument(name, store[name])),
  };
}

/** Opens the store that the configuration names and offers its ports to every module. */
@Global()
@Module({
  providers: [
    {
      provide: STORE,
      inject: [Configuration, SchedulerOptions, IngestionOptions, Runtime],
      useFactory: openStore,
    },
    ...STORAGE_PORT_NAMES.map(providePort),
    StoreCloser,
  ],
  exports: Object.values(STORAGE_PORTS),
})
export class AppStorageModule {}

async function openStore(
  { variables, lanes }: Configuration,
  scheduler: SchedulerOptions,
  intake: IngestionOptions,
  runtime: Runtime,
): Promise<Store> {
  const { DATABASE_URL: url } = variables;
  const { fairShare } = scheduler;
  if (url === undefined) {
    return SqliteStore.open(variables.DATA_DIR, runtime, {
      fairShare,
      allowLostLog: variables.ALLOW_LOST_LOG,
    });
  }
  return PostgresStore.open(
    {
      servers: parseDatabaseUrl(url),
      schema: variables.DATABASE_SCHEMA,
      poolSize: variables.DATABASE_POOL_SIZE,
      connectTimeoutMs: variables.DATABASE_CONNECT_TIMEOUT * SECOND_MS,
      fairShare,
      intake: {
        lanes: lanes.map(({ name }) => name),
        maxIdsPerRequest: intake.maxIdsPerRequest,
        maxPendingIds: intake.maxPendingIds,
        idempotencyWindowMs: intake.idempotencyWindowMs,
        idempotencyByContent: intake.idempotencyByContent,
        maxUnits: toMaxUnits(scheduler),
      },
    },
    runtime,
  );
}

/** Returns the most that one id may cost by lane, for each priority, without the lanes that do not count units. */
function toMaxUnits({ lanes }: SchedulerOptions): Record<string, readonly (number | null)[]> {
  const limited = lanes.map(
    ({ name, rules }) => [name, PRIORITY_RANKS.map((rank) => rules?.maxUnitsOf(rank) ?? null)] as const,
  );
  return Object.fromEntries(limited.filter(([, most]) => most.some((units) => units !== null)));
}
