import type { Clock } from '../../domain/clock.js';
import {
  MaintenanceRepository,
  type StoreStatus,
} from '../../operations/maintenance/maintenance.repository.js';
import { StoreOpenError } from '../../domain/store-errors.js';
import { indexTurns } from './client-turns.js';
import { MemoryRateLimitStore } from './memory-rate-limit.store.js';
import { Lanes } from './lanes.js';
import { SqliteControlStore } from './sqlite-control.store.js';
import { SqliteDeadLetterStore } from './sqlite-dead-letter.store.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteDispatchHistory } from './sqlite-dispatch-history.js';
import { SqliteDeliveryStore } from './sqlite-delivery.store.js';
import { SqliteDispatchStore } from './sqlite-dispatch.store.js';
import { SqliteGateStore } from './sqlite-gate.store.js';
import { SqliteHistoryStore } from './sqlite-history.store.js';
import { SqliteIngestionRepository } from './sqlite-ingestion.repository.js';
import { SqliteOutlookStore } from './sqlite-outlook.store.js';
import { SqliteQueueStore } from './sqlite-queue.store.js';
import { SqliteResultStore } from './sqlite-result.store.js';
import { SqliteRetentionStore } from './sqlite-retention.store.js';
import { SqliteStagingStore } from './sqlite-staging.store.js';
import { SteadyTime } from './steady-time.js';

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
