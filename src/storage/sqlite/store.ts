import type { Runtime } from '../../domain/runtime.js';
import type { StoragePorts } from '../ports.js';
import { StoreOpenError } from '../../domain/store-errors.js';
import { SqliteBulkActionRepository } from './bulk-actions/bulk-action.repository.js';
import { AuditLog } from './audit/audit-log.js';
import { SqliteAuditRepository } from './audit/audit.repository.js';
import { ensureFairShareIndex } from './queue/fair-share-cursor.js';
import { MemoryRateLimitStore } from './rate-limit/rate-limit.store.js';
import { SqliteLaneSettings } from './settings/lane-settings.repository.js';
import { LaneIds } from './database/lane-ids.js';
import { SqliteDeadLetterRepository } from './dead-letters/dead-letter.repository.js';
import { SqliteDatabase } from './database/database.js';
import { SqliteDispatchRepository } from './dispatches/dispatch.repository.js';
import { SqliteWebhookOutbox } from './webhooks/webhook-outbox.repository.js';
import { IngestionChanges } from './ingestion/change-ingestion.js';
import { ListTimes } from './queue/list-times.js';
import { SqliteQueueRepository } from './queue/queue.repository.js';
import { SqliteStatisticsRepository } from './statistics/statistics.repository.js';
import { SqliteIngestionRepository } from './ingestion/ingestion.repository.js';
import { SqliteQueueAdminRepository } from './queue/queue-admin.repository.js';
import { SqliteResultRepository } from './results/result.repository.js';
import { SqliteMaintenanceRepository } from './maintenance/maintenance.repository.js';
import { SqliteStagingRepository } from './ingestion/staging.repository.js';
import { tellDurably } from './database/tell-durably.js';
import { StoreClock } from './database/store-clock.js';

/** The embedded store: one SQLite file, for one process. */
export class SqliteStore implements StoragePorts {
  readonly ingestions: SqliteIngestionRepository;
  readonly dispatches: SqliteQueueRepository;
  readonly history: SqliteDispatchRepository;
  readonly deadLetters: SqliteDeadLetterRepository;
  readonly maintenance: SqliteMaintenanceRepository;
  readonly queue: SqliteQueueAdminRepository;
  readonly results: SqliteResultRepository;
  readonly minutes: SqliteStatisticsRepository;
  readonly staging: SqliteStagingRepository;
  readonly deliveries: SqliteWebhookOutbox;
  readonly rateLimits: MemoryRateLimitStore;
  readonly audit: SqliteAuditRepository;
  readonly settings: SqliteLaneSettings;
  readonly bulkActions: SqliteBulkActionRepository;

  private constructor(
    private readonly database: SqliteDatabase,
    runtime: Runtime,
  ) {
    const time = new StoreClock(database, runtime);
    const laneIds = new LaneIds(database);
    const auditLog = new AuditLog(database, runtime);
    const changes = new IngestionChanges(database, runtime, null);
    const times = new ListTimes(database, (id, limit) => changes.expire(id, limit));
    const ingestions = new SqliteIngestionRepository(database, time, runtime, laneIds, auditLog, times);
    this.ingestions = tellDurably(ingestions, database, ['acceptAll']);
    const dispatches = new SqliteQueueRepository(database, time, runtime, laneIds, times);
    this.dispatches = dispatches;
    this.history = tellDurably(new SqliteDispatchRepository(database), database);
    this.deadLetters = tellDurably(
      new SqliteDeadLetterRepository(database, time, runtime, auditLog),
      database,
    );
    this.maintenance = new SqliteMaintenanceRepository(database, time, runtime, auditLog);
    this.queue = tellDurably(
      new SqliteQueueAdminRepository(database, time, runtime, laneIds, auditLog),
      database,
    );
    this.results = tellDurably(new SqliteResultRepository(database, time), database);
    this.minutes = tellDurably(new SqliteStatisticsRepository(database, laneIds), database);
    this.staging = new SqliteStagingRepository(database, time);
    this.deliveries = tellDurably(new SqliteWebhookOutbox(database, time, runtime, auditLog), database);
    this.rateLimits = new MemoryRateLimitStore(runtime);
    this.audit = tellDurably(new SqliteAuditRepository(database, runtime), database);
    this.bulkActions = tellDurably(
      new SqliteBulkActionRepository(database, time, runtime, auditLog),
      database,
    );
    this.settings = new SqliteLaneSettings(
      database,
      laneIds,
      auditLog,
      (lane) => dispatches.gateOf(lane),
      (laneNo, seed) => {
        dispatches.seedDepartures(laneNo, seed);
      },
    );
  }

  /** @throws StoreOpenError with a one-line reason where the store cannot be opened */
  static open(
    dataDir: string,
    runtime: Runtime,
    { fairShare = false, allowLostLog = false } = {},
  ): SqliteStore {
    const database = SqliteDatabase.open(dataDir, runtime, { allowLostLog });
    try {
      ensureFairShareIndex(database, fairShare);
      return new SqliteStore(database, runtime);
    } catch (error) {
      database.close();
      throw new StoreOpenError(`cannot use the store at ${database.path}: ${String(error)}`, {
        cause: error,
      });
    }
  }

  async close(): Promise<void> {
    this.database.close();
  }
}
