import type { AuditEntry } from '../../../domain/audit.js';
import { toAuditColumns } from '../../shared/rows/audit-row.js';
import { statement, type BoundStatement } from '../database/statement.js';

/** SQL expressions for fields of an entry that only the act knows. They may use columns of `source`. */
export interface AuditSql {
  readonly lane?: string;
  readonly target?: string;
  readonly affected?: string;
  /** An SQL expression of type json. */
  readonly from?: string;
  /** An SQL expression of type json. */
  readonly to?: string;
  /** The SQL after FROM: one row if the act changed something, otherwise none. Default: one row. */
  readonly source?: string;
}

/** Returns the value that {@link insertAudit} expects; null, which inserts nothing, without an entry. */
export function toAuditValue(entry: AuditEntry | undefined): string | null {
  return entry === undefined ? null : JSON.stringify({ entry_id: entry.entryId, ...toAuditColumns(entry) });
}

/**
 * SQL that inserts an entry, or adds to `affected` if an earlier step of the act has inserted it; a lane and a value before that
 * differ between steps become null. It is part of the
 * statement of the act, or runs in the same transaction. `placeholder` is that of {@link toAuditValue}.
 */
export function insertAudit(schema: string, placeholder: string, sql: AuditSql = {}): string {
  const or = (expression: string | undefined, type: string, column: string): string =>
    expression === undefined
      ? `(entry ->> '${column}')::${type}`
      : `coalesce((${expression})::${type}, (entry ->> '${column}')::${type})`;
  return `
    INSERT INTO ${schema}.audit AS audit (
      entry_id, at, action, client, address, request_id, lane, target, affected, from_value, to_value, filter
    )
    SELECT (entry ->> 'entry_id')::uuid, round(${schema}.store_now()), entry ->> 'action', entry ->> 'client',
           entry ->> 'address', entry ->> 'request_id', ${or(sql.lane, 'text', 'lane')},
           ${or(sql.target, 'text', 'target')}, ${or(sql.affected, 'bigint', 'affected')},
           ${or(sql.from, 'text', 'from_value')}, ${or(sql.to, 'text', 'to_value')}, entry ->> 'filter'
    FROM (SELECT ${placeholder}::json AS entry) AS given CROSS JOIN (${sql.source ?? 'SELECT'}) AS act
    WHERE entry IS NOT NULL
    ON CONFLICT (entry_id) DO UPDATE
    SET affected = audit.affected + excluded.affected,
        lane = CASE WHEN audit.lane = excluded.lane THEN audit.lane END,
        from_value = CASE WHEN excluded.from_value IN (audit.from_value, audit.to_value) THEN audit.from_value END`;
}

/** A statement of its own for an act that needs no further fields. It belongs into the transaction of the act. */
export function auditStep(schema: string, entry: AuditEntry): BoundStatement {
  return { statement: statement(insertAudit(schema, '$1')), values: [toAuditValue(entry)] };
}
