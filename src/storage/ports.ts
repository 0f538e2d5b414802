import { IngestionRepository } from '../ingestion/ingestion.repository.js';
import { ResultRepository } from '../ingestion/results/result.repository.js';
import { StagingRepository } from '../ingestion/streaming/staging.repository.js';
import { AuditRepository } from '../operations/audit/audit.repository.js';
import { BulkActionRepository } from '../operations/bulk-actions/bulk-action.repository.js';
import { DeadLetterRepository } from '../operations/dead-letters/dead-letter.repository.js';
import { DispatchRepository } from '../operations/dispatches/dispatch.repository.js';
import { QueueAdminRepository } from '../operations/queue-admin/queue-admin.repository.js';
import { MaintenanceRepository } from '../operations/maintenance/maintenance.repository.js';
import { StatisticsRepository } from '../operations/statistics/statistics.repository.js';
import { RateLimitStore } from '../platform/rate-limit/rate-limit.store.js';
import { LaneSettingsRepository } from '../scheduler/settings/lane-settings.repository.js';
import { QueueRepository } from '../scheduler/queue/queue.repository.js';
import { WebhookOutbox } from '../webhooks/webhook-outbox.repository.js';

/**
 * Lists the ports that every store implements. The key of a port is the name of the field in which the store holds it.
 * The composition root provides the ports, and the contract suite tests them. The label `operation` of
 * `sluice_store_operation_seconds` holds these names, except where `operation-labels.ts` maps them to published ones.
 */
export const STORAGE_PORTS = {
  ingestions: IngestionRepository,
  dispatches: QueueRepository,
  history: DispatchRepository,
  deadLetters: DeadLetterRepository,
  maintenance: MaintenanceRepository,
  queue: QueueAdminRepository,
  results: ResultRepository,
  minutes: StatisticsRepository,
  staging: StagingRepository,
  deliveries: WebhookOutbox,
  rateLimits: RateLimitStore,
  audit: AuditRepository,
  settings: LaneSettingsRepository,
  bulkActions: BulkActionRepository,
} as const;

export type StoragePortName = keyof typeof STORAGE_PORTS;

export const STORAGE_PORT_NAMES = Object.keys(STORAGE_PORTS) as StoragePortName[];

/** The ports of one store. */
export type StoragePorts = {
  readonly [Name in StoragePortName]: InstanceType<(typeof STORAGE_PORTS)[Name]>;
};
