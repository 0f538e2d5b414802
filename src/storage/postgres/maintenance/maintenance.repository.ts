import { validate } from 'uuid';
import { BackupNotSupportedError } from '../../../domain/backup-errors.js';
import type { AuditEntry } from '../../../domain/audit.js';
import type {
  DeletionStep,
  MaintenanceRepository,
  StoreStatus,
} from '../../../operations/maintenance/maintenance.repository.js';
import { toAuditValue } from '../audit/audit-log.js';
import { IS_READ_ONLY, readOnlyError } from '../database/connect.js';
import type { PostgresDatabase } from '../database/database.js';
import { MIGRATIONS } from '../database/migrate.js';
import { deleteIdleClients } from '../queue/client-pending-counter.js';
import { deleteFullBuckets } from '../rate-limit/rate-limit.store.js';
import { abandonExpired } from '../ingestion/staged-ingestions.js';
import {
  deleteEndedRemovals,
  hasExpired,
  deleteDependentRows,
  deleteDeliveries,
  deleteDispatches,
  deleteFinished,
} from './delete-expired.js';
import { deleteLocked, lockForDeletion } from './delete-ingestion.js';
import { statement, type Statement } from '../database/statement.js';

interface StateRow {
  readonly is_read_only: boolean;
  readonly version: number;
}

/** Maintains the store in PostgreSQL, where autovacuum makes the space of deleted rows reusable. */
export class PostgresMaintenanceRepository implements MaintenanceRepository {
  private readonly hasExpired: Statement;
  private readonly lockForDeletion: Statement;
  private readonly deleteLocked: Statement;
  private readonly removeFinished: Statement;
  private readonly abandonExpired: Statement;
  private readonly removeRest: readonly Statement[];
  private readonly removeDispatches: Statement;
  private readonly removeDeliveries: Statement;
  private readonly forgetClients: Statement;
  private readonly forgetFullBuckets: Statement;
  private readonly touchGate: Statement;
  private readonly selectState: Statement<StateRow>;
  private readonly knownSchemaVersion = MIGRATIONS.latestVersion;
  /** The minimum schema version: the start has migrated the schema to it. */
  private schemaVersion = this.knownSchemaVersion;

  /** `dispatching` has the connections of the queue. */
  constructor(
    readonly description: string,
    private readonly requests: PostgresDatabase,
    private readonly dispatching: PostgresDatabase,
    schema: string,
  ) {
    this.touchGate = statement(`UPDATE ${schema}.gate SET turn = turn WHERE lane_no = 1`);
    this.selectState = statement(`
      SELECT ${IS_READ_ONLY},
             (SELECT max(version) FROM ${schema}.sluice_migration) AS version
    `);
    this.hasExpired = hasExpired(schema);
    this.lockForDeletion = lockForDeletion(schema);
    this.deleteLocked = deleteLocked(schema);
    this.removeFinished = deleteFinished(schema);
    this.abandonExpired = abandonExpired(schema);
    this.removeRest = [...deleteDependentRows(schema), deleteEndedRemovals(schema)];
    this.removeDispatches = deleteDispatches(schema);
    this.removeDeliveries = deleteDeliveries(schema);
    this.forgetClients = deleteIdleClients(schema);
    this.forgetFullBuckets = deleteFullBuckets(schema);
  }

  /**
   * Checks that the server accepts writes. After a failed write it tries one, so that the health check follows a full
   * disk that has space again. It uses only the connections of the queue: requests that hold all others say nothing
   * about the server.
   */
  async ping(): Promise<void> {
    if (this.dispatching.hasWriteFailed || this.requests.hasWriteFailed) {
      await this.dispatching.write(this.touchGate);
      this.requests.forgetFailedWrite();
    }
    const [row] = await this.dispatching.read(this.selectState);
    this.schemaVersion = Number(row?.version);
    if (row?.is_read_only === true) {
      throw readOnlyError();
    }
  }

  /** Returns the state that the last {@link ping} read: both need the same statement. */
  async status(): Promise<StoreStatus> {
    return {
      schemaVersion: this.schemaVersion,
      knownSchemaVersion: this.knownSchemaVersion,
      freeBytes: null,
      usedBytes: null,
    };
  }

  async backUp(): Promise<void> {
    throw new BackupNotSupportedError('the store is PostgreSQL: back it up with pg_dump');
  }

  async deleteExpired(ageMs: number): Promise<boolean> {
    const [answer] = await this.requests.read(this.hasExpired, [ageMs]);
    if (answer?.['is_over'] !== true) {
      return false;
    }
    const results = await this.requests.writeAll([
      { statement: this.removeFinished, values: [ageMs] },
      { statement: this.abandonExpired, values: [] },
      ...this.removeRest.map((each) => ({ statement: each, values: [] })),
    ]);
    // Another transaction: both delete parts of dispatches, each in an order of its own.
    const others = await this.requests.writeAll([
      { statement: this.removeDispatches, values: [ageMs] },
      { statement: this.removeDeliveries, values: [ageMs] },
      { statement: this.forgetClients, values: [] },
      { statement: this.forgetFullBuckets, values: [] },
    ]);
    return [...results, ...others].some(([row]) => row?.['is_more'] === true);
  }

  async deleteIngestionStep(ingestionId: string, audit?: AuditEntry): Promise<DeletionStep> {
    if (!validate(ingestionId)) {
      return 'unknown';
    }
    const [, [row] = []] = await this.requests.writeAll([
      { statement: this.lockForDeletion, values: [ingestionId] },
      { statement: this.deleteLocked, values: [ingestionId, toAuditValue(audit)] },
    ]);
    if (row === undefined) {
      return 'unknown';
    }
    return row['is_over'] !== true ? 'active' : row['is_gone'] === true ? 'deleted' : 'more';
  }
}
