import type { Clock } from '../../domain/clock.js';
import {
  MaintenanceRepository,
  type StoreStatus,
} from '../../operations/maintenance/maintenance.repository.js';
import type { StoragePorts } from '../ports.js';
import { StoreOpenError } from '../../domain/store-errors.js';
import { ensureFairShareIndex } from './queue/fair-share-cursor.js';
import { MemoryRateLimitStore } from './rate-limit/rate-limit.store.js';
import { LaneIds } from './database/lane-ids.js';
import { SqliteIngestionActionsRepository } from './ingestion/change-ingestion.js';
import { SqliteDeadLetterRepository } from './dead-letters/dead-letter.repository.js';
import { SqliteDatabase } from './database/database.js';
import { SqliteDispatchRepository } from './dispatches/dispatch.repository.js';
import { SqliteWebhookOutbox } from './webhooks/webhook-outbox.repository.js';
import { SqliteQueueRepository } from './queue/queue.repository.js';
import { SqliteLiveRepository } from './queue/upcoming-ids.js';
import { SqliteStatisticsRepository } from './statistics/statistics.repository.js';
import { SqliteIngestionRepository } from './ingestion/ingestion.repository.js';
import { SqliteQueuePositionRepository } from './queue/queue-position.js';
import { SqliteQueueAdminRepository } from './queue/queue-admin.repository.js';
import { SqliteResultRepository } from './results/result.repository.js';
import { SqliteRetentionRepository } from './maintenance/delete-expired.js';
import { SqliteStagingRepository } from './ingestion/staging.repository.js';
import { StoreClock } from './database/store-clock.js';

/** The embedded store: one SQLite file, for one process. */
export class SqliteStore extends MaintenanceRepository implements StoragePorts {
  override readonly description: string;
  readonly ingestions: SqliteIngestionRepository;
  readonly dispatches: SqliteQueueRepository;
  readonly history: SqliteDispatchRepository;
  readonly deadLetters: SqliteDeadLetterRepository;
  readonly retention: SqliteRetentionRepository;
  readonly queue: SqliteQueueAdminRepository;
  readonly control: SqliteIngestionActionsRepository;
  readonly outlook: SqliteQueuePositionRepository;
  readonly results: SqliteResultRepository;
  readonly gate: SqliteLiveRepository;
  readonly minutes: SqliteStatisticsRepository;
  readonly staging: SqliteStagingRepository;
  readonly deliveries: SqliteWebhookOutbox;
  readonly rateLimits: MemoryRateLimitStore;

  private constructor(
    private readonly database: SqliteDatabase,
    clock: Clock,
  ) {
    super();
    this.description = `SQLite at ${database.path}`;
    const time = new StoreClock(database, clock);
    const laneIds = new LaneIds(database);
    this.ingestions = new SqliteIngestionRepository(database, time, clock, laneIds);
    this.dispatches = new SqliteQueueRepository(database, time, clock, laneIds);
    this.history = new SqliteDispatchRepository(database);
    this.deadLetters = new SqliteDeadLetterRepository(database, time, clock);
    this.retention = new SqliteRetentionRepository(database, time, clock);
    this.control = new SqliteIngestionActionsRepository(database, clock);
    this.outlook = new SqliteQueuePositionRepository(database, time, laneIds);
    this.queue = new SqliteQueueAdminRepository(database, time, clock, laneIds);
    this.results = new SqliteResultRepository(database);
    this.gate = new SqliteLiveRepository(database, time, laneIds);
    this.minutes = new SqliteStatisticsRepository(database, laneIds);
    this.staging = new SqliteStagingRepository(database, time);
    this.deliveries = new SqliteWebhookOutbox(database, time, clock);
    this.rateLimits = new MemoryRateLimitStore(clock);
  }

  /** @throws StoreOpenError with a one-line reason where the store cannot be opened */
  static open(dataDir: string, clock: Clock, { fairShare = false, allowLostLog = false } = {}): SqliteStore {
    const database = SqliteDatabase.open(dataDir, { allowLostLog });
    try {
      ensureFairShareIndex(database, fairShare);
      return new SqliteStore(database, clock);
    } catch (error) {
      database.close();
      throw new StoreOpenError(`cannot use the store at ${database.path}: ${String(error)}`, {
        cause: error,
      });
    }
  }

  override async ping(): Promise<void> {
    this.database.ping();
  }

  override async status(): Promise<StoreStatus> {
    return this.database.status();
  }

  override async backUp(path: string): Promise<void> {
    await this.database.backUp(path);
  }

  override async close(): Promise<void> {
    this.database.close();
  }
}
