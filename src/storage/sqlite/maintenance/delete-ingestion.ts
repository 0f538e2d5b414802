import type { AuditEntry } from '../../../domain/audit.js';
import type { DeletionStep } from '../../../operations/maintenance/maintenance.repository.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import { toUuidColumn } from '../database/uuid-column.js';
import { IngestionRemoval } from './ingestion-removal.js';

/** Maximum number of deliveries that one step deletes. An ingestion has more than one only if it was redriven. */
const DELIVERIES_PER_STEP = 100;

interface IngestionRow {
  readonly seq: number;
  readonly lane: string;
  readonly total: number;
  readonly is_over: number;
}

/** Deletes ingestions that have ended. The row of an ingestion goes with its last deliveries. */
export class IngestionDeletion {
  private readonly selectIngestion: PreparedStatement<IngestionRow>;
  private readonly removeDeliveries: PreparedStatement;
  private readonly removal: IngestionRemoval;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly auditLog: AuditLog,
  ) {
    this.selectIngestion = database.prepare(`
      SELECT seq, (SELECT lane FROM gate WHERE gate.lane_no = ingestion.lane_no) AS lane, total,
             finished_at IS NOT NULL AS is_over
      FROM ingestion WHERE ingestion_id = ?
    `);
    this.removeDeliveries = database.prepare(`
      DELETE FROM webhook_delivery WHERE delivery_no IN (
        SELECT delivery_no FROM webhook_delivery WHERE ingestion_id = ? LIMIT ${String(DELIVERIES_PER_STEP)})
    `);
    this.removal = new IngestionRemoval(database);
  }

  /** Implements `MaintenanceRepository.deleteIngestionStep`. */
  step(ingestionId: string, audit?: AuditEntry): DeletionStep {
    return this.database.write((): DeletionStep => {
      const id = toUuidColumn(ingestionId);
      const row = this.selectIngestion.get(id);
      if (row === undefined) {
        return 'unknown';
      }
      if (row.is_over !== 1) {
        return 'active';
      }
      if (Number(this.removeDeliveries.run(id).changes) === DELIVERIES_PER_STEP) {
        return 'more';
      }
      this.removal.begin(row.seq);
      this.auditLog.record(audit, { lane: row.lane, affected: row.total });
      return 'deleted';
    });
  }
}
