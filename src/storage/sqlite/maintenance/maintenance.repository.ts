import type { AuditEntry } from '../../../domain/audit.js';
import type {
  DeletionStep,
  MaintenanceRepository,
  StoreStatus,
} from '../../../operations/maintenance/maintenance.repository.js';
import type { Clock } from '../../../domain/clock.js';
import type { AuditLog } from '../audit/audit-log.js';
import { ExpiredData } from './delete-expired.js';
import { IngestionDeletion } from './delete-ingestion.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';

/** Maintains the embedded store. */
export class SqliteMaintenanceRepository implements MaintenanceRepository {
  readonly description: string;
  private readonly expiredData: ExpiredData;
  private readonly deletion: IngestionDeletion;

  constructor(
    private readonly database: SqliteDatabase,
    time: StoreClock,
    clock: Clock,
    auditLog: AuditLog,
  ) {
    this.description = `SQLite at ${database.path}`;
    this.expiredData = new ExpiredData(database, time, clock);
    this.deletion = new IngestionDeletion(database, auditLog);
  }

  async ping(): Promise<void> {
    this.database.ping();
  }

  async status(): Promise<StoreStatus> {
    return this.database.status();
  }

  async backUp(path: string): Promise<void> {
    await this.database.backUp(path);
  }

  async deleteExpired(ageMs: number): Promise<boolean> {
    return this.expiredData.deleteStep(ageMs);
  }

  async deleteIngestionStep(ingestionId: string, audit?: AuditEntry): Promise<DeletionStep> {
    return this.deletion.step(ingestionId, audit);
  }
}
