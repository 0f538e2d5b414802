import { Logger } from '@nestjs/common';
import { BackupNotSupportedError } from '../../domain/backup-errors.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { Runtime } from '../../domain/runtime.js';
import {
  MaintenanceRepository,
  type StoreStatus,
} from '../../operations/maintenance/maintenance.repository.js';
import type { StoragePorts } from '../ports.js';
import { ArrivalSubscriber } from './queue/arrival-subscriber.js';
import { ArrivalNotifier } from './queue/arrival-notifier.js';
import { ensureFairShareIndex } from './queue/fair-share-cursor.js';
import { IS_READ_ONLY, readOnlyError } from './database/connect.js';
import { describeConnection } from './database/connection-config.js';
import { LaneIds } from './database/lane-ids.js';
import { latestVersion } from './database/migrate.js';
import { PostgresIngestionActionsRepository } from './ingestion/ingestion-actions.repository.js';
import { PostgresDatabase } from './database/database.js';
import { PostgresDeadLetterRepository } from './dead-letters/dead-letter.repository.js';
import { PostgresDispatchRepository } from './dispatches/dispatch.repository.js';
import { PostgresWebhookOutbox } from './webhooks/webhook-outbox.repository.js';
import { PostgresQueueRepository } from './queue/queue.repository.js';
import { PostgresLiveRepository } from './queue/upcoming-ids.js';
import { PostgresStatisticsRepository } from './statistics/statistics.repository.js';
import { PostgresIngestionRepository } from './ingestion/ingestion.repository.js';
import { PostgresQueuePositionRepository } from './queue/queue-position.js';
import { quoteIdentifier, type PostgresOptions } from './database/postgres.options.js';
import { PostgresQueueAdminRepository } from './queue/queue-admin.repository.js';
import { PostgresRateLimitStore } from './rate-limit/rate-limit.store.js';
import { PostgresResultRepository } from './results/result.repository.js';
import { PostgresRetentionRepository } from './maintenance/maintenance.repository.js';
import { PostgresStagingRepository } from './ingestion/staging.repository.js';
import { prepareSchema } from './database/prepare-schema.js';
import { statement, type Statement } from './database/statement.js';

/** Number of connections reserved for the queue, so that a burst of requests does not delay a dispatch. */
const QUEUE_CONNECTIONS = 3;

/** The store in PostgreSQL, for any number of processes. */
export class PostgresStore extends MaintenanceRepository implements StoragePorts {
  override readonly description: string;
  readonly ingestions: PostgresIngestionRepository;
  readonly dispatches: PostgresQueueRepository;
  readonly history: PostgresDispatchRepository;
  readonly deadLetters: PostgresDeadLetterRepository;
  readonly retention: PostgresRetentionRepository;
  readonly queue: PostgresQueueAdminRepository;
  readonly control: PostgresIngestionActionsRepository;
  readonly outlook: PostgresQueuePositionRepository;
  readonly results: PostgresResultRepository;
  readonly gate: PostgresLiveRepository;
  readonly minutes: PostgresStatisticsRepository;
  readonly staging: PostgresStagingRepository;
  readonly deliveries: PostgresWebhookOutbox;
  readonly rateLimits: PostgresRateLimitStore;
  private readonly noticeFailures: FailureLog;
  private readonly requests: PostgresDatabase;
  private readonly dispatching: PostgresDatabase;
  private readonly arrivalNotifier: ArrivalNotifier;
  private readonly arrivalSubscriber: ArrivalSubscriber;
  private readonly touchGate: Statement;
  private readonly selectState: Statement;
  private readonly knownSchemaVersion = latestVersion();
  /** The minimum schema version: the start has migrated the schema to it. */
  private schemaVersion = this.knownSchemaVersion;

  private constructor(options: PostgresOptions, runtime: Runtime) {
    super();
    this.noticeFailures = new FailureLog(
      runtime,
      new Logger('PostgreSQL'),
      'warn',
      'other replicas are not notified of arrivals',
    );
    const schema = quoteIdentifier(options.schema);
    const queueConnections = Math.max(1, Math.min(QUEUE_CONNECTIONS, Math.floor(options.poolSize / 2)));
    this.description = describeConnection(options);
    this.dispatching = new PostgresDatabase(options, queueConnections);
    this.requests = new PostgresDatabase(options, Math.max(1, options.poolSize - queueConnections));
    this.arrivalNotifier = new ArrivalNotifier(options.schema, (boundStatement) => {
      this.requests.writeAll([boundStatement]).then(
        () => {
          this.noticeFailures.succeeded();
        },
        (error: unknown) => {
          this.noticeFailures.failed(() => `other replicas are not notified of arrivals: ${String(error)}`);
        },
      );
    });
    this.arrivalSubscriber = new ArrivalSubscriber(options, runtime);
    this.touchGate = statement(`UPDATE ${schema}.gate SET turn = turn WHERE lane_no = 1`);
    this.selectState = statement(`
      SELECT ${IS_READ_ONLY},
             (SELECT max(version) FROM ${schema}.sluice_migration) AS version
    `);
    const laneIds = new LaneIds(this.requests, schema);
    // The queue never waits for a connection of requests, not even to read the number of its lane.
    const gateLanes = new LaneIds(this.dispatching, schema);
    this.ingestions = new PostgresIngestionRepository(
      this.requests,
      schema,
      this.arrivalNotifier,
      runtime,
      laneIds,
    );
    this.dispatches = new PostgresQueueRepository(
      this.dispatching,
      schema,
      runtime,
      this.arrivalSubscriber.arrivals,
      gateLanes,
    );
    this.history = new PostgresDispatchRepository(this.requests, schema);
    this.deadLetters = new PostgresDeadLetterRepository(this.requests, schema);
    this.retention = new PostgresRetentionRepository(this.requests, schema);
    this.control = new PostgresIngestionActionsRepository(this.requests, schema);
    this.outlook = new PostgresQueuePositionRepository(this.requests, schema, laneIds);
    this.queue = new PostgresQueueAdminRepository(
      this.requests,
      { database: this.dispatching, lanes: gateLanes },
      schema,
      laneIds,
    );
    this.results = new PostgresResultRepository(this.requests, schema);
    this.gate = new PostgresLiveRepository(this.requests, schema, laneIds);
    this.minutes = new PostgresStatisticsRepository(this.requests, schema, laneIds);
    this.staging = new PostgresStagingRepository(this.requests, schema);
    this.deliveries = new PostgresWebhookOutbox(this.requests, schema);
    this.rateLimits = new PostgresRateLimitStore(this.requests, schema);
  }

  /** @throws StoreOpenError with a one-line reason where the store cannot be opened */
  static async open(options: PostgresOptions, runtime: Runtime): Promise<PostgresStore> {
    await prepareSchema(options);
    if (options.fairShare === true) {
      await ensureFairShareIndex(options);
    }
    const store = new PostgresStore(options, runtime);
    store.arrivalSubscriber.start();
    return store;
  }

  /**
   * Checks that the server accepts writes. After a failed write it tries one, so that the health check follows a full
   * disk that has space again. It uses only the connections of the queue: requests that hold all others say nothing
   * about the server.
   */
  override async ping(): Promise<void> {
    if (this.dispatching.hasWriteFailed || this.requests.hasWriteFailed) {
      await this.dispatching.write(this.touchGate);
      this.requests.forgetFailedWrite();
    }
    const [row] = await this.dispatching.read(this.selectState);
    this.schemaVersion = Number(row?.['version']);
    if (row?.['is_read_only'] === true) {
      throw readOnlyError();
    }
  }

  /** Returns the state that the last {@link ping} read: both need the same statement. */
  override async status(): Promise<StoreStatus> {
    return {
      schemaVersion: this.schemaVersion,
      knownSchemaVersion: this.knownSchemaVersion,
      freeBytes: null,
      usedBytes: null,
    };
  }

  override async backUp(): Promise<void> {
    throw new BackupNotSupportedError('the store is PostgreSQL: back it up with pg_dump');
  }

  override async close(): Promise<void> {
    this.arrivalNotifier.close();
    await this.arrivalSubscriber.close();
    await Promise.all([this.requests.close(), this.dispatching.close()]);
  }
}
