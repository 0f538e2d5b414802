import { Logger } from '@nestjs/common';
import { BackupNotSupportedError } from '../../domain/backup-errors.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { Clock } from '../../domain/clock.js';
import {
  MaintenanceRepository,
  type StoreStatus,
} from '../../operations/maintenance/maintenance.repository.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import { ArrivalListener } from './queue/arrival-subscriber.js';
import { ArrivalNotice } from './queue/arrival-notifier.js';
import { indexTurns } from './queue/fair-share-cursor.js';
import { describeConnection } from './database/connection-config.js';
import { Lanes } from './database/lane-ids.js';
import { latestVersion } from './database/migrate.js';
import { PostgresControlStore } from './ingestion/ingestion-actions.repository.js';
import { PostgresDatabase } from './database/database.js';
import { PostgresDeadLetterStore } from './dead-letters/dead-letter.repository.js';
import { PostgresDispatchHistory } from './dispatches/dispatch.repository.js';
import { PostgresDeliveryStore } from './webhooks/webhook-outbox.repository.js';
import { PostgresDispatchStore } from './queue/queue.repository.js';
import { PostgresGateStore } from './queue/live.repository.js';
import { PostgresHistoryStore } from './statistics/statistics.repository.js';
import { PostgresIngestionRepository } from './ingestion/ingestion.repository.js';
import { PostgresOutlookStore } from './queue/queue-position.repository.js';
import { quoteIdentifier, type PostgresOptions } from './database/postgres.options.js';
import { PostgresQueueStore } from './queue/queue-admin.repository.js';
import { PostgresRateLimitStore } from './rate-limit/rate-limit.store.js';
import { PostgresResultStore } from './results/result.repository.js';
import { PostgresRetentionStore } from './retention/retention.repository.js';
import { PostgresStagingStore } from './ingestion/staging.repository.js';
import { prepareSchema } from './database/prepare-schema.js';
import { statement, type Statement } from './database/statement.js';

/** Connections that only the queue uses, so that a burst of requests does not hold up a dispatch. */
const QUEUE_CONNECTIONS = 3;

/** The store in PostgreSQL, for any number of processes. */
export class PostgresStore extends MaintenanceRepository {
  override readonly description: string;
  readonly ingestions: PostgresIngestionRepository;
  readonly dispatches: PostgresDispatchStore;
  readonly history: PostgresDispatchHistory;
  readonly deadLetters: PostgresDeadLetterStore;
  readonly retention: PostgresRetentionStore;
  readonly queue: PostgresQueueStore;
  readonly control: PostgresControlStore;
  readonly outlook: PostgresOutlookStore;
  readonly results: PostgresResultStore;
  readonly gate: PostgresGateStore;
  readonly minutes: PostgresHistoryStore;
  readonly staging: PostgresStagingStore;
  readonly deliveries: PostgresDeliveryStore;
  readonly rateLimits: PostgresRateLimitStore;
  private readonly noticeFailures = new FailureLog(
    new Logger('PostgreSQL'),
    'warn',
    'other replicas are not told of arrivals',
  );
  private readonly requests: PostgresDatabase;
  private readonly dispatching: PostgresDatabase;
  private readonly notice: ArrivalNotice;
  private readonly listener: ArrivalListener;
  private readonly touchGate: Statement;
  private readonly selectState: Statement;
  private readonly knownSchemaVersion = latestVersion();
  /** The start has brought the schema to this version at least. */
  private schemaVersion = this.knownSchemaVersion;

  private constructor(options: PostgresOptions, clock: Clock) {
    super();
    const schema = quoteIdentifier(options.schema);
    const queueConnections = Math.max(1, Math.min(QUEUE_CONNECTIONS, Math.floor(options.poolSize / 2)));
    this.description = describeConnection(options);
    this.dispatching = new PostgresDatabase(options, queueConnections);
    this.requests = new PostgresDatabase(options, Math.max(1, options.poolSize - queueConnections));
    this.notice = new ArrivalNotice(options.schema, (step) => {
      this.requests.writeAll([step]).then(
        () => {
          this.noticeFailures.succeeded();
        },
        (error: unknown) => {
          this.noticeFailures.failed(() => `other replicas are not told of arrivals: ${String(error)}`);
        },
      );
    });
    this.listener = new ArrivalListener(options);
    this.touchGate = statement(`UPDATE ${schema}.gate SET turn = turn WHERE lane_no = 1`);
    this.selectState = statement(`
      SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on' AS is_read_only,
             (SELECT max(version) FROM ${schema}.sluice_migration) AS version
    `);
    const lanes = new Lanes(this.requests, schema);
    // The gate never waits for a connection of requests, also not to learn the number of its lane.
    const gateLanes = new Lanes(this.dispatching, schema);
    this.ingestions = new PostgresIngestionRepository(this.requests, schema, this.notice, clock, lanes);
    this.dispatches = new PostgresDispatchStore(
      this.dispatching,
      schema,
      clock,
      this.listener.arrivals,
      gateLanes,
    );
    this.history = new PostgresDispatchHistory(this.requests, schema);
    this.deadLetters = new PostgresDeadLetterStore(this.requests, schema);
    this.retention = new PostgresRetentionStore(this.requests, schema);
    this.control = new PostgresControlStore(this.requests, schema);
    this.outlook = new PostgresOutlookStore(this.requests, schema, lanes);
    this.queue = new PostgresQueueStore(
      this.requests,
      { database: this.dispatching, lanes: gateLanes },
      schema,
      lanes,
    );
    this.results = new PostgresResultStore(this.requests, schema);
    this.gate = new PostgresGateStore(this.requests, schema, lanes);
    this.minutes = new PostgresHistoryStore(this.requests, schema, lanes);
    this.staging = new PostgresStagingStore(this.requests, schema);
    this.deliveries = new PostgresDeliveryStore(this.requests, schema);
    this.rateLimits = new PostgresRateLimitStore(this.requests, schema);
  }

  /** @throws StoreOpenError with one line that says what is wrong. */
  static async open(options: PostgresOptions, clock: Clock): Promise<PostgresStore> {
    await prepareSchema(options);
    if (options.fairShare === true) {
      await indexTurns(options);
    }
    const store = new PostgresStore(options, clock);
    store.listener.start();
    return store;
  }

  /**
   * After a failed write this tries one, so that health follows a disk that is full and has room again. It uses the
   * connections of the gate alone: requests that hold all others say nothing of the server.
   */
  override async ping(): Promise<void> {
    if (this.dispatching.hasWriteFailed || this.requests.hasWriteFailed) {
      await this.dispatching.write(this.touchGate);
      this.requests.forgetFailedWrite();
    }
    const [row] = await this.dispatching.read(this.selectState);
    this.schemaVersion = Number(row?.['version']);
    if (row?.['is_read_only'] === true) {
      throw new StoreUnavailableError('PostgreSQL takes no writes: it is read-only');
    }
  }

  /** As the last {@link ping} found it: both are one statement. */
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
    this.notice.close();
    await this.listener.close();
    await Promise.all([this.requests.close(), this.dispatching.close()]);
  }
}
