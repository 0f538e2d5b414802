import type { AuditRecord } from '../../../domain/audit.js';
import type { Clock } from '../../../domain/clock.js';
import type {
  AuditCursor,
  AuditFilter,
  AuditRepository,
} from '../../../operations/audit/audit.repository.js';
import { auditConditions } from '../../shared/filters.js';
import { toAuditRecord, type AuditRow } from '../../shared/rows/audit-row.js';
import { buildWhere } from '../../shared/where.js';
import type { SqliteDatabase } from '../database/database.js';
import { SQLITE_DIALECT } from '../database/dialect.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** Reads the audit log of the embedded store. */
export class SqliteAuditRepository implements AuditRepository {
  private readonly deleteOldest: PreparedStatement;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly clock: Clock,
  ) {
    this.deleteOldest = database.prepare(`
      DELETE FROM audit WHERE audit_no IN (SELECT audit_no FROM audit WHERE at < ? ORDER BY at LIMIT ?)
    `);
  }

  async list(filter: AuditFilter, before: AuditCursor | null, limit: number): Promise<AuditRecord[]> {
    const { sql, values } = buildWhere(SQLITE_DIALECT, auditConditions(filter), 3);
    const atMs = before?.atMs ?? Number.MAX_SAFE_INTEGER;
    const auditNo = before?.auditNo ?? Number.MAX_SAFE_INTEGER;
    return this.database.read(() =>
      this.database
        .prepareOnce<AuditRow>(
          `SELECT * FROM audit WHERE (at, audit_no) < (?1, ?2) ${sql} ORDER BY at DESC, audit_no DESC LIMIT ?3`,
        )
        .all(atMs, auditNo, limit, ...values)
        .map(toAuditRecord),
    );
  }

  async deleteOlderThan(ageMs: number, limit: number): Promise<number> {
    const before = this.clock.wallMs() - ageMs;
    const oldest = this.database.read(() =>
      this.database.prepareOnce('SELECT 1 FROM audit WHERE at < ? LIMIT 1').get(before),
    );
    return oldest === undefined
      ? 0
      : this.database.write(() => Number(this.deleteOldest.run(before, limit).changes));
  }
}
