import { parse, validate } from 'uuid';
import type { DeletionStep } from '../../../operations/maintenance/maintenance.repository.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Maximum number of deliveries that one step deletes. An ingestion has more than one only if it was redriven. */
const DELIVERIES_PER_STEP = 100;

/**
 * Deletes an ingestion that has ended. Its row goes with its last deliveries; `remove` records it, so that its other
 * rows are deleted afterwards. Its idempotency key is free without its row.
 */
export class IngestionDeletion {
  private readonly selectIngestion: PreparedStatement;
  private readonly removeDeliveries: PreparedStatement;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly remove: (seq: number) => void,
  ) {
    this.selectIngestion = database.prepare(
      'SELECT seq, finished_at IS NOT NULL AS is_over FROM ingestion WHERE ingestion_id = ?',
    );
    this.removeDeliveries = database.prepare(`
      DELETE FROM webhook_delivery WHERE delivery_no IN (
        SELECT delivery_no FROM webhook_delivery WHERE ingestion_id = ? LIMIT ${String(DELIVERIES_PER_STEP)})
    `);
  }

  step(ingestionId: string): DeletionStep {
    return this.database.write((): DeletionStep => {
      const id = validate(ingestionId) ? parse(ingestionId) : null;
      const row = this.selectIngestion.get(id);
      if (row === undefined) {
        return 'unknown';
      }
      if (row['is_over'] !== 1) {
        return 'active';
      }
      if (Number(this.removeDeliveries.run(id).changes) === DELIVERIES_PER_STEP) {
        return 'more';
      }
      this.remove(Number(row['seq']));
      return 'deleted';
    });
  }
}
