import type { Clock } from '../../domain/clock.js';
import {
  MaintenanceRepository,
  type StoreStatus,
} from '../../operations/maintenance/maintenance.repository.js';
import { StoreOpenError } from '../../domain/store-errors.js';
import { indexTurns } from './queue/fair-share-cursor.js';
import { MemoryRateLimitStore } from './rate-limit/rate-limit.store.js';
import { Lanes } from './database/lane-ids.js';
import { SqliteControlStore } from './ingestion/ingestion-actions.repository.js';
import { SqliteDeadLetterStore } from './dead-letters/dead-letter.repository.js';
import { SqliteDatabase } from './database/database.js';
import { SqliteDispatchHistory } from './dispatches/dispatch.repository.js';
import { SqliteDeliveryStore } from './webhooks/webhook-outbox.repository.js';
import { SqliteDispatchStore } from './queue/queue.repository.js';
import { SqliteGateStore } from './queue/live.repository.js';
import { SqliteHistoryStore } from './statistics/statistics.repository.js';
import { SqliteIngestionRepository } from './ingestion/ingestion.repository.js';
import { SqliteOutlookStore } from './queue/queue-position.repository.js';
import { SqliteQueueStore } from './queue/queue-admin.repository.js';
import { SqliteResultStore } from './results/result.repository.js';
import { SqliteRetentionStore } from './retention/retention.repository.js';
import { SqliteStagingStore } from './ingestion/staging.repository.js';
import { SteadyTime } from './database/store-clock.js';

/** The embedded store: one SQLite file, for one process. */
export class SqliteStore extends MaintenanceRepository {
  override readonly description: string;
  readonly ingestions: SqliteIngestionRepository;
  readonly dispatches: SqliteDispatchStore;
  readonly history: SqliteDispatchHistory;
  readonly deadLetters: SqliteDeadLetterStore;
  readonly retention: SqliteRetentionStore;
  readonly queue: SqliteQueueStore;
  readonly control: SqliteControlStore;
  readonly outlook: SqliteOutlookStore;
  readonly results: SqliteResultStore;
  readonly gate: SqliteGateStore;
  readonly minutes: SqliteHistoryStore;
  readonly staging: SqliteStagingStore;
  readonly deliveries: SqliteDeliveryStore;
  readonly rateLimits: MemoryRateLimitStore;

  private constructor(
    private readonly database: SqliteDatabase,
    clock: Clock,
  ) {
    super();
    this.description = `SQLite at ${database.path}`;
    const time = new SteadyTime(database, clock);
    const lanes = new Lanes(database);
    this.ingestions = new SqliteIngestionRepository(database, time, clock, lanes);
    this.dispatches = new SqliteDispatchStore(database, time, clock, lanes);
    this.history = new SqliteDispatchHistory(database);
    this.deadLetters = new SqliteDeadLetterStore(database, time, clock);
    this.retention = new SqliteRetentionStore(database, time, clock);
    this.control = new SqliteControlStore(database, clock);
    this.outlook = new SqliteOutlookStore(database, time, lanes);
    this.queue = new SqliteQueueStore(database, time, clock, lanes);
    this.results = new SqliteResultStore(database);
    this.gate = new SqliteGateStore(database, time, lanes);
    this.minutes = new SqliteHistoryStore(database, lanes);
    this.staging = new SqliteStagingStore(database, time);
    this.deliveries = new SqliteDeliveryStore(database, time, clock);
    this.rateLimits = new MemoryRateLimitStore(clock);
  }

  /** @throws StoreOpenError with one line that says what is wrong. */
  static open(dataDir: string, clock: Clock, { fairShare = false, allowLostLog = false } = {}): SqliteStore {
    const database = SqliteDatabase.open(dataDir, { allowLostLog });
    try {
      indexTurns(database, fairShare);
      return new SqliteStore(database, clock);
    } catch (error) {
      database.close();
      throw new StoreOpenError(`cannot use the store at ${database.path}: ${String(error)}`, {
        cause: error,
      });
    }
  }

  override async ping(): Promise<void> {
    this.database.check();
  }

  override async status(): Promise<StoreStatus> {
    return this.database.condition();
  }

  override async backUp(path: string): Promise<void> {
    await this.database.backUp(path);
  }

  override async close(): Promise<void> {
    this.database.close();
  }
}
