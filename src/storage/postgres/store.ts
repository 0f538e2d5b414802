import { Logger } from '@nestjs/common';
import { FailureLog } from '../../platform/logging/failure-log.js';
import type { Runtime } from '../../domain/runtime.js';
import type { StoragePorts } from '../ports.js';
import { ArrivalSubscriber } from './queue/arrival-subscriber.js';
import { ArrivalNotifier } from './queue/arrival-notifier.js';
import { ensureFairShareIndex } from './queue/fair-share-cursor.js';
import { describeConnection } from './database/connection-config.js';
import { PostgresLaneSettings } from './settings/lane-settings.repository.js';
import { LaneIds } from './database/lane-ids.js';
import { PostgresDatabase } from './database/database.js';
import { PostgresAuditRepository } from './audit/audit.repository.js';
import { PostgresBulkActionRepository } from './bulk-actions/bulk-action.repository.js';
import { PostgresDeadLetterRepository } from './dead-letters/dead-letter.repository.js';
import { PostgresDispatchRepository } from './dispatches/dispatch.repository.js';
import { PostgresWebhookOutbox } from './webhooks/webhook-outbox.repository.js';
import { PostgresQueueRepository } from './queue/queue.repository.js';
import { PostgresStatisticsRepository } from './statistics/statistics.repository.js';
import { PostgresIngestionRepository } from './ingestion/ingestion.repository.js';
import { quoteIdentifier, type PostgresOptions } from './database/postgres.options.js';
import { PostgresQueueAdminRepository } from './queue/queue-admin.repository.js';
import { PostgresRateLimitStore } from './rate-limit/rate-limit.store.js';
import { PostgresResultRepository } from './results/result.repository.js';
import { PostgresMaintenanceRepository } from './maintenance/maintenance.repository.js';
import { writeIntakeSettings } from './ingestion/intake-settings.js';
import { PostgresStagingRepository } from './ingestion/staging.repository.js';
import { prepareSchema, retryWhileUnreachable } from './database/prepare-schema.js';

/** Number of connections reserved for the queue, so that a burst of requests does not delay a dispatch. */
const QUEUE_CONNECTIONS = 3;

/** The store in PostgreSQL, for any number of processes. */
export class PostgresStore implements StoragePorts {
  readonly ingestions: PostgresIngestionRepository;
  readonly dispatches: PostgresQueueRepository;
  readonly history: PostgresDispatchRepository;
  readonly deadLetters: PostgresDeadLetterRepository;
  readonly bulkActions: PostgresBulkActionRepository;
  readonly maintenance: PostgresMaintenanceRepository;
  readonly queue: PostgresQueueAdminRepository;
  readonly results: PostgresResultRepository;
  readonly minutes: PostgresStatisticsRepository;
  readonly staging: PostgresStagingRepository;
  readonly deliveries: PostgresWebhookOutbox;
  readonly rateLimits: PostgresRateLimitStore;
  readonly audit: PostgresAuditRepository;
  readonly settings: PostgresLaneSettings;
  private readonly noticeFailures: FailureLog;
  private readonly requests: PostgresDatabase;
  private readonly dispatching: PostgresDatabase;
  private readonly arrivalNotifier: ArrivalNotifier;
  private readonly arrivalSubscriber: ArrivalSubscriber;

  private constructor(options: PostgresOptions, runtime: Runtime) {
    this.noticeFailures = new FailureLog(
      runtime,
      new Logger('PostgreSQL'),
      'warn',
      'other replicas are not notified of arrivals',
    );
    const schema = quoteIdentifier(options.schema);
    const queueConnections = Math.max(1, Math.min(QUEUE_CONNECTIONS, Math.floor(options.poolSize / 2)));
    this.dispatching = new PostgresDatabase(options, queueConnections, runtime);
    const requestConnections = Math.max(1, options.poolSize - queueConnections);
    this.requests = new PostgresDatabase(options, requestConnections, runtime);
    this.arrivalNotifier = new ArrivalNotifier(options.schema, runtime, (boundStatement) => {
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
    this.maintenance = new PostgresMaintenanceRepository(
      describeConnection(options),
      this.requests,
      this.dispatching,
      schema,
    );
    this.queue = new PostgresQueueAdminRepository(
      this.requests,
      { database: this.dispatching, lanes: gateLanes },
      schema,
      laneIds,
    );
    this.results = new PostgresResultRepository(this.requests, schema);
    this.minutes = new PostgresStatisticsRepository(this.requests, schema, laneIds);
    this.staging = new PostgresStagingRepository(this.requests, schema);
    this.deliveries = new PostgresWebhookOutbox(this.requests, schema);
    this.rateLimits = new PostgresRateLimitStore(this.requests, schema);
    this.audit = new PostgresAuditRepository(this.requests, schema);
    this.bulkActions = new PostgresBulkActionRepository(this.requests, schema);
    this.settings = new PostgresLaneSettings(this.dispatching, schema, gateLanes);
  }

  /** @throws StoreOpenError with a one-line reason where the store cannot be opened */
  static async open(options: PostgresOptions, runtime: Runtime): Promise<PostgresStore> {
    await prepareSchema(options, runtime);
    const { fairShare, intake } = options;
    if (fairShare === true) {
      await retryWhileUnreachable(options, runtime, () => ensureFairShareIndex(options));
    }
    if (intake !== undefined) {
      await retryWhileUnreachable(options, runtime, () => writeIntakeSettings(options, intake));
    }
    const store = new PostgresStore(options, runtime);
    store.arrivalSubscriber.start();
    return store;
  }

  async close(): Promise<void> {
    this.arrivalNotifier.close();
    await this.arrivalSubscriber.close();
    await Promise.all([this.requests.close(), this.dispatching.close()]);
  }
}
