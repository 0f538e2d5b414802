import type { AuditAction, AuditChange, AuditEntry, AuditRecord, AuditValue } from '../../../domain/audit.js';
import { fromUuidColumn, type UuidColumn } from '../uuid-column.js';

/** A row of `audit`. */
export interface AuditRow {
  readonly audit_no: number;
  readonly entry_id: UuidColumn;
  readonly at: number;
  readonly action: AuditAction;
  readonly client: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly lane: string | null;
  readonly target: string | null;
  readonly affected: number | null;
  readonly from_value: string | null;
  readonly to_value: string | null;
  readonly filter: string | null;
}

/** The columns of an entry, except its id and its time. */
export type AuditColumns = Omit<AuditRow, 'audit_no' | 'entry_id' | 'at'>;

/** Returns the columns of an entry. Fields of `change` replace those of the entry. */
export function toAuditColumns(entry: AuditEntry, change: AuditChange = {}): AuditColumns {
  const { lane, target, affected, from, to, filter } = { ...entry, ...change };
  return {
    action: entry.action,
    client: entry.actor.client,
    address: entry.actor.address,
    request_id: entry.actor.requestId,
    lane: lane ?? null,
    target: target ?? null,
    affected: affected ?? null,
    from_value: toJson(from),
    to_value: toJson(to),
    filter: toJson(filter),
  };
}

export function toAuditRecord(row: AuditRow): AuditRecord {
  return {
    auditNo: row.audit_no,
    entryId: fromUuidColumn(row.entry_id),
    atMs: row.at,
    action: row.action,
    actor: { client: row.client, address: row.address, requestId: row.request_id },
    lane: row.lane,
    target: row.target,
    affected: row.affected,
    from: fromJson(row.from_value),
    to: fromJson(row.to_value),
    filter: fromJson(row.filter),
  };
}

function toJson(value: AuditValue | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function fromJson(json: string | null): AuditValue {
  return json === null ? null : (JSON.parse(json) as AuditValue);
}
