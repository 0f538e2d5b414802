import type { AuditActor, AuditFields } from '../../../domain/audit.js';
import type { Priority } from '../../../domain/priority.js';
import type {
  BulkAction,
  BulkActionBound,
  BulkActionKind,
  BulkActionPlace,
  BulkActionState,
} from '../../../operations/bulk-actions/bulk-action.repository.js';
import { fromUuidColumn, type UuidColumn } from '../uuid-column.js';

/** A row of `bulk_action`, with the state `expired` for a planned one whose time is over. */
export interface BulkActionRow {
  readonly bulk_action_no: number;
  readonly bulk_action_id: UuidColumn;
  readonly action: BulkActionKind;
  readonly filter: string;
  readonly priority: Priority | null;
  readonly bound: string;
  readonly shown_state: BulkActionState;
  readonly ingestions: number;
  readonly ids: number;
  readonly ingestions_done: number;
  readonly ids_done: number;
  readonly skipped: number;
  readonly place: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly actor: string | null;
  readonly last_error: string | null;
  readonly audit_entry_id: UuidColumn;
}

export function toBulkAction(row: BulkActionRow): BulkAction {
  return {
    bulkActionNo: row.bulk_action_no,
    bulkActionId: fromUuidColumn(row.bulk_action_id),
    action: row.action,
    filter: JSON.parse(row.filter) as AuditFields,
    priority: row.priority,
    bound: JSON.parse(row.bound) as BulkActionBound,
    state: row.shown_state,
    ingestions: row.ingestions,
    ids: row.ids,
    ingestionsDone: row.ingestions_done,
    idsDone: row.ids_done,
    skipped: row.skipped,
    place: row.place === null ? null : (JSON.parse(row.place) as BulkActionPlace),
    createdAtMs: row.created_at,
    expiresAtMs: row.expires_at,
    startedAtMs: row.started_at,
    endedAtMs: row.ended_at,
    actor: row.actor === null ? null : (JSON.parse(row.actor) as AuditActor),
    lastError: row.last_error,
    auditEntryId: fromUuidColumn(row.audit_entry_id),
  };
}
