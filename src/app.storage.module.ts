import {
  Global,
  Injectable,
  Module,
  type Abstract,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { Configuration } from './platform/config/configuration.js';
import { SECOND_MS } from './platform/config/units.js';
import { SchedulerOptions } from './scheduler/scheduler.options.js';
import { DeadLetterRepository } from './operations/dead-letters/dead-letter.repository.js';
import { LiveRepository } from './operations/live/live.repository.js';
import { DispatchRepository } from './operations/dispatches/dispatch.repository.js';
import { StatisticsRepository } from './operations/statistics/statistics.repository.js';
import { IngestionActionsRepository } from './ingestion/actions/ingestion-actions.repository.js';
import { IngestionRepository } from './ingestion/ingestion.repository.js';
import { StagingRepository } from './ingestion/streaming/staging.repository.js';
import { QueuePositionRepository } from './ingestion/estimate/queue-position.repository.js';
import { StoreMetrics } from './operations/metrics/store-metrics.js';
import { QueueAdminRepository } from './operations/queue-admin/queue-admin.repository.js';
import { RateLimitStore } from './platform/rate-limit/rate-limit.store.js';
import { ResultRepository } from './ingestion/results/result.repository.js';
import { RetentionRepository } from './operations/retention/retention.repository.js';
import { QueueRepository } from './scheduler/queue/queue.repository.js';
import { Clock } from './domain/clock.js';
import { WebhookOutbox } from './webhooks/webhook-outbox.repository.js';
import { Tracing } from './operations/tracing/tracing.js';
import { PostgresStore } from './storage/postgres/store.js';
import { SqliteStore } from './storage/sqlite/store.js';
import { MaintenanceRepository } from './operations/maintenance/maintenance.repository.js';

/** One store and its ports. */
abstract class Adapter extends MaintenanceRepository {
  abstract readonly ingestions: IngestionRepository;
  abstract readonly dispatches: QueueRepository;
  abstract readonly history: DispatchRepository;
  abstract readonly deadLetters: DeadLetterRepository;
  abstract readonly retention: RetentionRepository;
  abstract readonly queue: QueueAdminRepository;
  abstract readonly control: IngestionActionsRepository;
  abstract readonly outlook: QueuePositionRepository;
  abstract readonly results: ResultRepository;
  abstract readonly gate: LiveRepository;
  abstract readonly minutes: StatisticsRepository;
  abstract readonly staging: StagingRepository;
  abstract readonly deliveries: WebhookOutbox;
  abstract readonly rateLimits: RateLimitStore;
}

/** Lets the store go after everything that uses it. */
@Injectable()
class StoreCloser implements OnApplicationShutdown {
  constructor(private readonly maintenanceRepository: MaintenanceRepository) {}

  async onApplicationShutdown(): Promise<void> {
    await this.maintenanceRepository.close();
  }
}

type Port = Exclude<keyof Adapter, keyof MaintenanceRepository>;

/** A port of the store, measured. */
function providePort<K extends Port>(port: Abstract<Adapter[K]>, name: K): Provider {
  return {
    provide: port,
    inject: [Adapter, StoreMetrics, Tracing],
    useFactory: (adapter: Adapter, metrics: StoreMetrics, tracing: Tracing) =>
      tracing.instrumentRepository(name, metrics.instrument(name, adapter[name])),
  };
}

/** Opens the store that the configuration names and offers its ports to every module. */
@Global()
@Module({
  providers: [
    { provide: Adapter, inject: [Configuration, SchedulerOptions, Clock], useFactory: openStore },
    { provide: MaintenanceRepository, useExisting: Adapter },
    providePort(IngestionRepository, 'ingestions'),
    providePort(QueueRepository, 'dispatches'),
    providePort(DispatchRepository, 'history'),
    providePort(DeadLetterRepository, 'deadLetters'),
    providePort(QueueAdminRepository, 'queue'),
    providePort(ResultRepository, 'results'),
    providePort(RetentionRepository, 'retention'),
    providePort(LiveRepository, 'gate'),
    providePort(StatisticsRepository, 'minutes'),
    providePort(IngestionActionsRepository, 'control'),
    providePort(QueuePositionRepository, 'outlook'),
    providePort(StagingRepository, 'staging'),
    providePort(WebhookOutbox, 'deliveries'),
    providePort(RateLimitStore, 'rateLimits'),
    StoreCloser,
  ],
  exports: [
    MaintenanceRepository,
    IngestionActionsRepository,
    IngestionRepository,
    QueuePositionRepository,
    QueueRepository,
    DeadLetterRepository,
    RetentionRepository,
    QueueAdminRepository,
    ResultRepository,
    LiveRepository,
    DispatchRepository,
    StatisticsRepository,
    StagingRepository,
    WebhookOutbox,
    RateLimitStore,
  ],
})
export class AppStorageModule {}

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
