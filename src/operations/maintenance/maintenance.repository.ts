import type { AuditEntry } from '../../domain/audit.js';

/** The status of the store, apart from whether it is available. */
export interface StoreStatus {
  /** The number of the last migration that ran on the store, perhaps by a newer release. */
  readonly schemaVersion: number;
  /** The number of the last migration that this program has. */
  readonly knownSchemaVersion: number;
  /** Free bytes in the file system of the store; null if the store is on another machine. */
  readonly freeBytes: number | null;
  /** Bytes used by the store; null if the store is on another machine. */
  readonly usedBytes: number | null;
}

/**
 * The result of one step. `deleted`: the ingestion is unknown from now on. `more`: run the step again. `active`: the
 * ingestion has not ended. `unknown`: there is no such ingestion.
 */
export type DeletionStep = 'deleted' | 'more' | 'active' | 'unknown';

/** Describes, checks, backs up and tidies the store as a whole. */
export abstract class MaintenanceRepository {
  /** The kind and location of the store, for people. Contains no secret. */
  abstract readonly description: string;

  /** @throws StoreUnavailableError if the store accepts no work. */
  abstract ping(): Promise<void>;

  /** @throws StoreUnavailableError if the status cannot be read. */
  abstract status(): Promise<StoreStatus>;

  /**
   * Writes a copy of all committed data to a new file and syncs it to disk, while the store works. Creates the folder of
   * the file if it is missing.
   * @throws BackupNotSupportedError if the store is on another machine.
   */
  abstract backUp(path: string): Promise<void>;

  /**
   * Deletes expired data in one small step: ingestions that finished more than `ageMs` ago, with all their data, and
   * dispatches. It also deletes the data of ingestions that {@link deleteIngestionStep} has deleted. Resolves with true
   * while there is more to delete.
   * @throws StoreUnavailableError
   */
  abstract deleteExpired(ageMs: number): Promise<boolean>;

  /**
   * Deletes an ingestion that has ended, with its deliveries, in one small durable step. Its other data cannot be read
   * any more, and {@link deleteExpired} deletes it. Its idempotency key is free. Stores `audit` with the last step.
   * @throws StoreUnavailableError
   */
  abstract deleteIngestionStep(ingestionId: string, audit?: AuditEntry): Promise<DeletionStep>;
}
