import type { DeadLetterRepository } from '../../src/operations/dead-letters/dead-letter.repository.js';
import type { LiveRepository } from '../../src/operations/live/live.repository.js';
import type { DispatchRepository } from '../../src/operations/dispatches/dispatch.repository.js';
import type { StatisticsRepository } from '../../src/operations/statistics/statistics.repository.js';
import type { IngestionActionsRepository } from '../../src/ingestion/actions/ingestion-actions.repository.js';
import type { IngestionRepository } from '../../src/ingestion/ingestion.repository.js';
import type { StagingRepository } from '../../src/ingestion/streaming/staging.repository.js';
import type { QueuePositionRepository } from '../../src/ingestion/estimate/queue-position.repository.js';
import type { QueueAdminRepository } from '../../src/operations/queue-admin/queue-admin.repository.js';
import type { RateLimitStore } from '../../src/platform/rate-limit/rate-limit.store.js';
import type { ResultRepository } from '../../src/ingestion/results/result.repository.js';
import type { RetentionRepository } from '../../src/operations/retention/retention.repository.js';
import type { QueueRepository } from '../../src/scheduler/queue/queue.repository.js';
import type { WebhookOutbox } from '../../src/webhooks/webhook-outbox.repository.js';
import { isSelected } from '../support/selected-stores.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';

/** A store in use by one process. */
export interface OpenStore {
  readonly ingestions: IngestionRepository;
  readonly dispatches: QueueRepository;
  readonly history: DispatchRepository;
  readonly deadLetters: DeadLetterRepository;
  readonly retention: RetentionRepository;
  readonly queue: QueueAdminRepository;
  readonly control: IngestionActionsRepository;
  readonly outlook: QueuePositionRepository;
  readonly results: ResultRepository;
  readonly gate: LiveRepository;
  readonly minutes: StatisticsRepository;
  readonly staging: StagingRepository;
  readonly deliveries: WebhookOutbox;
  readonly rateLimits: RateLimitStore;

  /** Moves the store's time on, and the wall time it records. Real time may pass beside it: tests allow for seconds. */
  advance(ms: number): Promise<void>;

  /** The same store as a new process finds it after this one was killed. This one is not used any more. */
  reopen(): Promise<OpenStore>;

  /** Lets the store go and removes its data. */
  close(): Promise<void>;
}

export interface StoreUnderTest {
  readonly name: string;
  /** A fresh, empty store. */
  open(): Promise<OpenStore>;
}

/** The stores that the suite runs against. A test that holds for one and not for another is a bug. */
export const STORES: readonly StoreUnderTest[] = [
  ...(isSelected('sqlite') ? [{ name: 'SQLite', open: openSqlite }] : []),
  ...(isSelected('postgresql') ? [{ name: 'PostgreSQL', open: openPostgres }] : []),
];
