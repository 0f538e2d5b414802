import { parse } from 'uuid';
import type { AuditChange, AuditEntry } from '../../../domain/audit.js';
import type { Clock } from '../../../domain/clock.js';
import { toAuditColumns } from '../../shared/rows/audit-row.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Writes entries to the audit log. Callers hold the transaction of the act. */
export class AuditLog {
  private readonly insert: PreparedStatement;

  constructor(
    database: SqliteDatabase,
    private readonly clock: Clock,
  ) {
    this.insert = database.prepare(`
      INSERT INTO audit (entry_id, at, action, client, address, request_id, lane, target, affected, from_value, to_value, filter)
      VALUES (:entryId, :at, :action, :client, :address, :request_id, :lane, :target, :affected, :from_value, :to_value, :filter)
      ON CONFLICT (entry_id) DO UPDATE
      SET affected = affected + excluded.affected, lane = iif(lane = excluded.lane, lane, NULL),
          from_value = iif(excluded.from_value IN (from_value, to_value), from_value, NULL)
    `);
  }

  /**
   * Inserts the entry, or adds to `affected` if an earlier step of the act has inserted it; a lane and a value before that
   * differ between steps become null. Fields of `change` replace those of the entry. Does nothing without an entry.
   */
  record(entry: AuditEntry | undefined, change: AuditChange = {}): void {
    if (entry === undefined) {
      return;
    }
    const entryId = parse(entry.entryId);
    this.insert.run({ ...toAuditColumns(entry, change), entryId, at: this.clock.wallMs() });
  }
}
