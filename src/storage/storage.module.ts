import {
  Global,
  Injectable,
  Module,
  type Abstract,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS } from '../platform/config/units.js';
import { SchedulerOptions } from '../scheduler/scheduler.options.js';
import { DeadLetterStore } from '../operations/dead-letters/dead-letter.repository.js';
import { GateStore } from '../operations/live/live.repository.js';
import { DispatchHistory } from '../operations/dispatches/dispatch.repository.js';
import { HistoryStore } from '../operations/statistics/statistics.repository.js';
import { IngestionActionsRepository } from '../ingestion/actions/ingestion-actions.repository.js';
import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { StagingRepository } from '../ingestion/streaming/staging.repository.js';
import { QueuePositionRepository } from '../ingestion/estimate/queue-position.repository.js';
import { StoreMetrics } from '../operations/metrics/store-metrics.js';
import { QueueStore } from '../operations/queue-admin/queue-admin.repository.js';
import { RateLimitStore } from '../platform/rate-limit/rate-limit.store.js';
import { ResultRepository } from '../ingestion/results/result.repository.js';
import { RetentionStore } from '../operations/retention/retention.repository.js';
import { QueueRepository } from '../scheduler/queue/queue.repository.js';
import { Clock } from '../domain/clock.js';
import { WebhookOutbox } from '../webhooks/webhook-outbox.repository.js';
import { Tracing } from '../operations/tracing/tracing.js';
import { PostgresStore } from './postgres/postgres-store.js';
import { SqliteStore } from './sqlite/sqlite-store.js';
import { Store } from '../operations/maintenance/maintenance.repository.js';

/** One store and its ports. */
abstract class Adapter extends Store {
  abstract readonly ingestions: IngestionRepository;
  abstract readonly dispatches: QueueRepository;
  abstract readonly history: DispatchHistory;
  abstract readonly deadLetters: DeadLetterStore;
  abstract readonly retention: RetentionStore;
  abstract readonly queue: QueueStore;
  abstract readonly control: IngestionActionsRepository;
  abstract readonly outlook: QueuePositionRepository;
  abstract readonly results: ResultRepository;
  abstract readonly gate: GateStore;
  abstract readonly minutes: HistoryStore;
  abstract readonly staging: StagingRepository;
  abstract readonly deliveries: WebhookOutbox;
  abstract readonly rateLimits: RateLimitStore;
}

/** Lets the store go after everything that uses it. */
@Injectable()
class StoreCloser implements OnApplicationShutdown {
  constructor(private readonly store: Store) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}

type Port = Exclude<keyof Adapter, keyof Store>;

/** A port of the store, measured. */
function portOf<K extends Port>(port: Abstract<Adapter[K]>, name: K): Provider {
  return {
    provide: port,
    inject: [Adapter, StoreMetrics, Tracing],
    useFactory: (adapter: Adapter, metrics: StoreMetrics, tracing: Tracing) =>
      tracing.watchPort(name, metrics.watch(name, adapter[name])),
  };
}

/** Opens the store that the configuration names and offers its ports to every module. */
@Global()
@Module({
  providers: [
    { provide: Adapter, inject: [Configuration, SchedulerOptions, Clock], useFactory: openStore },
    { provide: Store, useExisting: Adapter },
    portOf(IngestionRepository, 'ingestions'),
    portOf(QueueRepository, 'dispatches'),
    portOf(DispatchHistory, 'history'),
    portOf(DeadLetterStore, 'deadLetters'),
    portOf(QueueStore, 'queue'),
    portOf(ResultRepository, 'results'),
    portOf(RetentionStore, 'retention'),
    portOf(GateStore, 'gate'),
    portOf(HistoryStore, 'minutes'),
    portOf(IngestionActionsRepository, 'control'),
    portOf(QueuePositionRepository, 'outlook'),
    portOf(StagingRepository, 'staging'),
    portOf(WebhookOutbox, 'deliveries'),
    portOf(RateLimitStore, 'rateLimits'),
    StoreCloser,
  ],
  exports: [
    Store,
    IngestionActionsRepository,
    IngestionRepository,
    QueuePositionRepository,
    QueueRepository,
    DeadLetterStore,
    RetentionStore,
    QueueStore,
    ResultRepository,
    GateStore,
    DispatchHistory,
    HistoryStore,
    StagingRepository,
    WebhookOutbox,
    RateLimitStore,
  ],
})
export class StorageModule {}

async function openStore(
  { variables }: Configuration,
  { fairShare }: SchedulerOptions,
  clock: Clock,
): Promise<Adapter> {
  const { DATABASE_URL: url } = variables;
  if (url === undefined) {
    return SqliteStore.open(variables.DATA_DIR, clock, {
      fairShare,
      allowLostLog: variables.ALLOW_LOST_LOG,
    });
  }
  return PostgresStore.open(
    {
      url,
      schema: variables.DATABASE_SCHEMA,
      poolSize: variables.DATABASE_POOL_SIZE,
      connectTimeoutMs: variables.DATABASE_CONNECT_TIMEOUT * SECOND_MS,
      fairShare,
    },
    clock,
  );
}
