import { Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { DeadLetterStore } from '../dead-letters/dead-letter.store.js';
import { GateStore } from '../gate/gate.store.js';
import { DispatchHistory } from '../dispatches/dispatch-history.js';
import { HistoryStore } from '../history/history.store.js';
import { ControlStore } from '../ingestion/control.store.js';
import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { StagingStore } from '../ingestion/stream/staging.store.js';
import { OutlookStore } from '../ingestion/outlook/outlook.store.js';
import { QueueStore } from '../queue/queue.store.js';
import { ResultStore } from '../results/result.store.js';
import { RetentionStore } from '../retention/retention.store.js';
import { DispatchStore } from '../scheduler/dispatch.store.js';
import { Clock } from '../time/clock.js';
import { DeliveryStore } from '../webhooks/delivery.store.js';
import { PostgresStore } from './postgres/postgres-store.js';
import { SqliteStore } from './sqlite/sqlite-store.js';
import { Store } from './store.js';

/** One store and its ports. */
abstract class Adapter extends Store {
  abstract readonly ingestions: IngestionRepository;
  abstract readonly dispatches: DispatchStore;
  abstract readonly history: DispatchHistory;
  abstract readonly deadLetters: DeadLetterStore;
  abstract readonly retention: RetentionStore;
  abstract readonly queue: QueueStore;
  abstract readonly control: ControlStore;
  abstract readonly outlook: OutlookStore;
  abstract readonly results: ResultStore;
  abstract readonly gate: GateStore;
  abstract readonly minutes: HistoryStore;
  abstract readonly staging: StagingStore;
  abstract readonly deliveries: DeliveryStore;
}

/** Lets the store go after everything that uses it. */
@Injectable()
class StoreCloser implements OnApplicationShutdown {
  constructor(private readonly store: Store) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

/** Opens the store that the configuration names and offers its ports to every module. */
@Global()
@Module({
  providers: [
    { provide: Adapter, inject: [Config, Clock], useFactory: openStore },
    { provide: Store, useExisting: Adapter },
    { provide: IngestionRepository, inject: [Adapter], useFactory: ({ ingestions }: Adapter) => ingestions },
    { provide: DispatchStore, inject: [Adapter], useFactory: ({ dispatches }: Adapter) => dispatches },
    { provide: DispatchHistory, inject: [Adapter], useFactory: ({ history }: Adapter) => history },
    { provide: DeadLetterStore, inject: [Adapter], useFactory: ({ deadLetters }: Adapter) => deadLetters },
    { provide: ControlStore, inject: [Adapter], useFactory: ({ control }: Adapter) => control },
    { provide: OutlookStore, inject: [Adapter], useFactory: ({ outlook }: Adapter) => outlook },
    { provide: QueueStore, inject: [Adapter], useFactory: ({ queue }: Adapter) => queue },
    { provide: ResultStore, inject: [Adapter], useFactory: ({ results }: Adapter) => results },
    { provide: StagingStore, inject: [Adapter], useFactory: ({ staging }: Adapter) => staging },
    { provide: DeliveryStore, inject: [Adapter], useFactory: ({ deliveries }: Adapter) => deliveries },
    { provide: RetentionStore, inject: [Adapter], useFactory: ({ retention }: Adapter) => retention },
    { provide: GateStore, inject: [Adapter], useFactory: ({ gate }: Adapter) => gate },
    { provide: HistoryStore, inject: [Adapter], useFactory: ({ minutes }: Adapter) => minutes },
    { provide: StoreCloser, inject: [Store], useFactory: (store: Store) => new StoreCloser(store) },
  ],
  exports: [
    Store,
    ControlStore,
    IngestionRepository,
    OutlookStore,
    DispatchStore,
    DeadLetterStore,
    RetentionStore,
    QueueStore,
    ResultStore,
    GateStore,
    DispatchHistory,
    HistoryStore,
    StagingStore,
    DeliveryStore,
  ],
})
export class StorageModule {}

async function openStore(config: Config, clock: Clock): Promise<Adapter> {
  if (config.databaseUrl === undefined) {
    return SqliteStore.open(config.dataDir, clock);
  }
  return PostgresStore.open(
    {
      url: config.databaseUrl,
      schema: config.databaseSchema,
      poolSize: config.databasePoolSize,
      connectTimeoutMs: config.databaseConnectTimeoutMs,
    },
    clock,
  );
}
