import { IngestionActionsRepository } from '../ingestion/actions/ingestion-actions.repository.js';
import { QueuePositionRepository } from '../ingestion/estimate/queue-position.repository.js';
import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { ResultRepository } from '../ingestion/results/result.repository.js';
import { StagingRepository } from '../ingestion/streaming/staging.repository.js';
import { DeadLetterRepository } from '../operations/dead-letters/dead-letter.repository.js';
import { DispatchRepository } from '../operations/dispatches/dispatch.repository.js';
import { LiveRepository } from '../operations/live/live.repository.js';
import { QueueAdminRepository } from '../operations/queue-admin/queue-admin.repository.js';
import { RetentionRepository } from '../operations/retention/retention.repository.js';
import { StatisticsRepository } from '../operations/statistics/statistics.repository.js';
import { RateLimitStore } from '../platform/rate-limit/rate-limit.store.js';
import { QueueRepository } from '../scheduler/queue/queue.repository.js';
import { WebhookOutbox } from '../webhooks/webhook-outbox.repository.js';

/**
 * The ports that every store implements, by the name of its field for each. The composition root provides them, and the
 * contract suite tests them. The names are public: the label `operation` of `sluice_store_operation_seconds` holds them.
 */
export const STORAGE_PORTS = {
  ingestions: IngestionRepository,
  dispatches: QueueRepository,
  history: DispatchRepository,
  deadLetters: DeadLetterRepository,
  retention: RetentionRepository,
  queue: QueueAdminRepository,
  control: IngestionActionsRepository,
  outlook: QueuePositionRepository,
  results: ResultRepository,
  gate: LiveRepository,
  minutes: StatisticsRepository,
  staging: StagingRepository,
  deliveries: WebhookOutbox,
  rateLimits: RateLimitStore,
} as const;

export type StoragePortName = keyof typeof STORAGE_PORTS;

export const STORAGE_PORT_NAMES = Object.keys(STORAGE_PORTS) as StoragePortName[];

/** The ports of one store. */
export type StoragePorts = {
  readonly [Name in StoragePortName]: InstanceType<(typeof STORAGE_PORTS)[Name]>;
};
