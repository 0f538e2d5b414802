import type { SQLInputValue } from 'node:sqlite';
import { parse } from 'uuid';
import type { AuditEntry } from '../../../domain/audit.js';
import type { Clock } from '../../../domain/clock.js';
import type {
  BulkAction,
  BulkActionClaim,
  BulkActionProgress,
  BulkActionRepository,
  BulkActionState,
  NewBulkAction,
} from '../../../operations/bulk-actions/bulk-action.repository.js';
import { toBulkAction, type BulkActionRow } from '../../shared/rows/bulk-action-row.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';
import { toUuidColumn } from '../database/uuid-column.js';

const SELECT = `
  SELECT *, iif(state = 'planned' AND expires_at <= :wallMs, 'expired', state) AS shown_state FROM bulk_action`;

/** Stores bulk actions in the embedded store. */
export class SqliteBulkActionRepository implements BulkActionRepository {
  /** True after the leases of earlier processes were ended: no other process shares the file. */
  private hasEndedLeases = false;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
    private readonly auditLog: AuditLog,
  ) {}

  async create(plan: NewBulkAction, validMs: number, keptMs: number): Promise<void> {
    const wallMs = this.clock.wallMs();
    this.database.write(() => {
      this.run(
        `DELETE FROM bulk_action WHERE state <> 'running' AND coalesce(ended_at, expires_at) < :before`,
        {
          before: wallMs - keptMs,
        },
      );
      this.run(
        `INSERT INTO bulk_action (bulk_action_id, action, filter, priority, bound, state, ingestions, ids, created_at,
                                  expires_at, audit_entry_id)
         VALUES (:id, :action, :filter, :priority, :bound, 'planned', :ingestions, :ids, :wallMs, :expiresAt, :entryId)`,
        {
          id: parse(plan.bulkActionId),
          action: plan.action,
          filter: JSON.stringify(plan.filter),
          priority: plan.priority,
          bound: JSON.stringify(plan.bound),
          ingestions: plan.ingestions,
          ids: plan.ids,
          wallMs,
          expiresAt: wallMs + validMs,
          entryId: parse(plan.auditEntryId),
        },
      );
    });
  }

  async find(bulkActionId: string): Promise<BulkAction | null> {
    const id = toUuidColumn(bulkActionId);
    return this.select('WHERE bulk_action_id = :id', { id })[0] ?? null;
  }

  async list(before: number | null, limit: number): Promise<BulkAction[]> {
    const where = 'WHERE bulk_action_no < :before ORDER BY bulk_action_no DESC LIMIT :limit';
    return this.select(where, { before: before ?? Number.MAX_SAFE_INTEGER, limit });
  }

  async start(bulkActionId: string, audit: AuditEntry): Promise<boolean> {
    const wallMs = this.clock.wallMs();
    return this.change(
      `UPDATE bulk_action SET state = 'running', started_at = coalesce(started_at, :wallMs), ended_at = NULL,
                              actor = :actor, owner = NULL, lease_ends_time = 0
       WHERE bulk_action_id = :id AND (state = 'stopped' OR (state = 'planned' AND expires_at > :wallMs))`,
      { id: toUuidColumn(bulkActionId), wallMs, actor: JSON.stringify(audit.actor) },
      audit,
    );
  }

  async stop(bulkActionId: string, audit: AuditEntry): Promise<boolean> {
    return this.change(
      `UPDATE bulk_action SET state = 'stopped', ended_at = :wallMs WHERE bulk_action_id = :id AND state = 'running'`,
      { id: toUuidColumn(bulkActionId), wallMs: this.clock.wallMs() },
      audit,
    );
  }

  async claim({ owner, leaseMs }: BulkActionClaim, held: readonly string[]): Promise<BulkAction | null> {
    this.endEarlierLeases();
    const nowMs = this.time.nowMs();
    const heldIds = held.map((id) => parse(id));
    const isFree = `state = 'running' AND (owner IS NULL OR owner = ?1 OR lease_ends_time <= ?2)
      AND bulk_action_id NOT IN (${heldIds.map((_, i) => `?${String(i + 3)}`).join(', ')})`;
    const next = this.database.read(() =>
      this.database
        .prepareOnce<{ bulk_action_id: Uint8Array }>(
          `SELECT bulk_action_id FROM bulk_action WHERE ${isFree} ORDER BY bulk_action_no LIMIT 1`,
        )
        .get(parse(owner), nowMs, ...heldIds),
    );
    if (next === undefined) {
      return null;
    }
    const id = next.bulk_action_id;
    this.database.write(() => {
      this.time.persist();
      this.run('UPDATE bulk_action SET owner = :owner, lease_ends_time = :until WHERE bulk_action_id = :id', {
        id,
        owner: parse(owner),
        until: nowMs + leaseMs,
      });
    });
    return this.select('WHERE bulk_action_id = :id', { id })[0] ?? null;
  }

  async advance(
    bulkActionId: string,
    { owner, leaseMs }: BulkActionClaim,
    { place, ingestions, skipped }: BulkActionProgress,
  ): Promise<BulkActionState | null> {
    return this.database.write(() => {
      this.time.persist();
      const row = this.database
        .prepareOnce<{ state: BulkActionState }>(
          `UPDATE bulk_action SET place = coalesce(:place, place), ingestions_done = ingestions_done + :ingestions,
                                  skipped = skipped + :skipped, lease_ends_time = :until,
                                  ids_done = coalesce((SELECT affected FROM audit WHERE entry_id = audit_entry_id), ids_done)
           WHERE bulk_action_id = :id AND owner = :owner RETURNING state`,
        )
        .get({
          id: parse(bulkActionId),
          owner: parse(owner),
          place: place === null ? null : JSON.stringify(place),
          ingestions,
          skipped,
          until: this.time.nowMs() + leaseMs,
        });
      return row?.state ?? null;
    });
  }

  async end(
    bulkActionId: string,
    owner: string,
    { state, error }: { readonly state: 'completed' | 'failed'; readonly error: string | null },
    audit: AuditEntry,
  ): Promise<void> {
    this.change(
      `UPDATE bulk_action SET state = :state, last_error = :error, ended_at = :wallMs
       WHERE bulk_action_id = :id AND owner = :owner AND state = 'running'`,
      { id: parse(bulkActionId), owner: parse(owner), state, error, wallMs: this.clock.wallMs() },
      audit,
    );
  }

  async release(owner: string): Promise<void> {
    this.freeAll('owner = :owner', { owner: parse(owner) });
  }

  private endEarlierLeases(): void {
    if (!this.hasEndedLeases) {
      this.freeAll(`owner IS NOT NULL AND state = 'running'`, {});
      this.hasEndedLeases = true;
    }
  }

  /** Ends the leases of the actions that match; writes only if there are any. */
  private freeAll(condition: string, values: Record<string, SQLInputValue>): void {
    const held = this.database.read(() =>
      this.database.prepareOnce(`SELECT 1 FROM bulk_action WHERE ${condition} LIMIT 1`).get(values),
    );
    if (held !== undefined) {
      this.database.write(() => {
        this.run(`UPDATE bulk_action SET owner = NULL, lease_ends_time = 0 WHERE ${condition}`, values);
      });
    }
  }

  /** Returns true if the statement has changed a row; the audit entry is stored with it. */
  private change(sql: string, values: Record<string, SQLInputValue>, audit: AuditEntry): boolean {
    return this.database.write(() => {
      const isChanged = this.run(sql, values) > 0;
      if (isChanged) {
        this.auditLog.record(audit);
      }
      return isChanged;
    });
  }

  private run(sql: string, values: Record<string, SQLInputValue>): number {
    return Number(this.database.prepareOnce(sql).run(values).changes);
  }

  private select(where: string, values: Record<string, SQLInputValue>): BulkAction[] {
    return this.database.read(() =>
      this.database
        .prepareOnce<BulkActionRow>(`${SELECT} ${where}`)
        .all({ ...values, wallMs: this.clock.wallMs() })
        .map(toBulkAction),
    );
  }
}
