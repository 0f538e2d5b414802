import type { AuditRecord } from '../../../domain/audit.js';
import type {
  AuditCursor,
  AuditFilter,
  AuditRepository,
} from '../../../operations/audit/audit.repository.js';
import { auditConditions } from '../../shared/filters.js';
import { toAuditRecord, type AuditRow } from '../../shared/rows/audit-row.js';
import { buildWhere } from '../../shared/where.js';
import type { PostgresDatabase } from '../database/database.js';
import { postgresDialect } from '../database/dialect.js';
import { statement, type Statement } from '../database/statement.js';

/** Reads the audit log in PostgreSQL. */
export class PostgresAuditRepository implements AuditRepository {
  private readonly hasOlder: Statement;
  private readonly deleteOldest: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
  ) {
    const isOlder = `at < (SELECT ${schema}.store_now() - $1::float8)`;
    this.hasOlder = statement(`SELECT FROM ${schema}.audit WHERE ${isOlder} LIMIT 1`);
    this.deleteOldest = statement(`
      DELETE FROM ${schema}.audit WHERE audit_no = ANY (ARRAY(
        SELECT audit_no FROM ${schema}.audit WHERE ${isOlder} ORDER BY at LIMIT $2::bigint FOR UPDATE SKIP LOCKED
      ))
      RETURNING audit_no
    `);
  }

  async list(filter: AuditFilter, before: AuditCursor | null, limit: number): Promise<AuditRecord[]> {
    const { sql, values } = buildWhere(postgresDialect(this.schema), auditConditions(filter), 3);
    const select: Statement<AuditRow> = statement(`
      SELECT * FROM ${this.schema}.audit WHERE (at, audit_no) < ($1::bigint, $2::bigint) ${sql}
      ORDER BY at DESC, audit_no DESC LIMIT $3::bigint
    `);
    const atMs = before?.atMs ?? Number.MAX_SAFE_INTEGER;
    const auditNo = before?.auditNo ?? Number.MAX_SAFE_INTEGER;
    return (await this.database.read(select, [atMs, auditNo, limit, ...values])).map(toAuditRecord);
  }

  async deleteOlderThan(ageMs: number, limit: number): Promise<number> {
    const older = await this.database.read(this.hasOlder, [ageMs]);
    return older.length === 0 ? 0 : (await this.database.write(this.deleteOldest, [ageMs, limit])).length;
  }
}
