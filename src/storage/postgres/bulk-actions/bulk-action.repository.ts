import { validate } from 'uuid';
import type { AuditEntry } from '../../../domain/audit.js';
import type {
  BulkAction,
  BulkActionClaim,
  BulkActionProgress,
  BulkActionRepository,
  BulkActionState,
  NewBulkAction,
} from '../../../operations/bulk-actions/bulk-action.repository.js';
import { toBulkAction, type BulkActionRow } from '../../shared/rows/bulk-action-row.js';
import { insertAudit, toAuditValue } from '../audit/audit-log.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Statement } from '../database/statement.js';

/** Stores bulk actions in PostgreSQL. */
export class PostgresBulkActionRepository implements BulkActionRepository {
  private readonly table: string;
  private readonly now: string;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
  ) {
    this.table = `${schema}.bulk_action`;
    this.now = `(SELECT ${schema}.store_now())`;
  }

  async create(plan: NewBulkAction, validMs: number, keptMs: number): Promise<void> {
    const remove = statement(`
      DELETE FROM ${this.table}
      WHERE state <> 'running' AND coalesce(ended_at, expires_at) < ${this.now} - $1::float8
    `);
    const insert = statement(`
      INSERT INTO ${this.table} (bulk_action_id, action, filter, priority, bound, state, ingestions, ids, created_at,
                                 expires_at, audit_entry_id)
      SELECT $1::uuid, $2::text, $3::text, $4::text, $5::text, 'planned', $6::bigint, $7::bigint, round(now),
             round(now + $8::float8), $9::uuid
      FROM (SELECT ${this.now} AS now) AS clock
    `);
    const values = [
      plan.bulkActionId,
      plan.action,
      JSON.stringify(plan.filter),
      plan.priority,
      JSON.stringify(plan.bound),
      plan.ingestions,
      plan.ids,
      validMs,
      plan.auditEntryId,
    ];
    await this.database.writeAll([
      { statement: remove, values: [keptMs] },
      { statement: insert, values },
    ]);
  }

  async find(bulkActionId: string): Promise<BulkAction | null> {
    if (!validate(bulkActionId)) {
      return null;
    }
    const [row] = await this.database.read(this.select('WHERE bulk_action_id = $1::uuid'), [bulkActionId]);
    return row === undefined ? null : toBulkAction(row);
  }

  async list(before: number | null, limit: number): Promise<BulkAction[]> {
    const where = 'WHERE bulk_action_no < $1::bigint ORDER BY bulk_action_no DESC LIMIT $2::bigint';
    const rows = await this.database.read(this.select(where), [before ?? Number.MAX_SAFE_INTEGER, limit]);
    return rows.map(toBulkAction);
  }

  start(bulkActionId: string, audit: AuditEntry): Promise<boolean> {
    return this.change(
      `UPDATE ${this.table}
       SET state = 'running', started_at = coalesce(started_at, round(${this.now})), ended_at = NULL, actor = $3::text,
           owner = NULL, lease_ends_time = 0
       WHERE bulk_action_id = $1::uuid AND (state = 'stopped' OR (state = 'planned' AND expires_at > ${this.now}))`,
      [bulkActionId, toAuditValue(audit), JSON.stringify(audit.actor)],
    );
  }

  stop(bulkActionId: string, audit: AuditEntry): Promise<boolean> {
    return this.change(
      `UPDATE ${this.table} SET state = 'stopped', ended_at = round(${this.now})
       WHERE bulk_action_id = $1::uuid AND state = 'running'`,
      [bulkActionId, toAuditValue(audit)],
    );
  }

  async claim({ owner, leaseMs }: BulkActionClaim, held: readonly string[]): Promise<BulkAction | null> {
    const isFree = `
      state = 'running' AND (owner IS NULL OR owner = $1::uuid OR lease_ends_time <= ${this.now})
      AND bulk_action_id <> ALL ($2::uuid[])`;
    const free = statement(`SELECT FROM ${this.table} WHERE ${isFree} LIMIT 1`);
    if ((await this.database.read(free, [owner, held])).length === 0) {
      return null;
    }
    const take: Statement<BulkActionRow> = statement(`
      UPDATE ${this.table} SET owner = $1::uuid, lease_ends_time = ${this.now} + $3::float8
      WHERE bulk_action_no = (
        SELECT bulk_action_no FROM ${this.table} WHERE ${isFree}
        ORDER BY bulk_action_no LIMIT 1 FOR UPDATE SKIP LOCKED
      )
      RETURNING *, state AS shown_state
    `);
    const [row] = await this.database.write(take, [owner, held, leaseMs]);
    return row === undefined ? null : toBulkAction(row);
  }

  async advance(
    bulkActionId: string,
    { owner, leaseMs }: BulkActionClaim,
    { place, ingestions, skipped }: BulkActionProgress,
  ): Promise<BulkActionState | null> {
    const update: Statement<{ state: BulkActionState }> = statement(`
      UPDATE ${this.table} AS its
      SET place = coalesce($3::text, place), ingestions_done = ingestions_done + $4::bigint,
          skipped = skipped + $5::bigint, lease_ends_time = ${this.now} + $6::float8,
          ids_done = coalesce((SELECT affected FROM ${this.schema}.audit WHERE entry_id = its.audit_entry_id), ids_done)
      WHERE bulk_action_id = $1::uuid AND owner = $2::uuid RETURNING state
    `);
    const placeText = place === null ? null : JSON.stringify(place);
    const values = [bulkActionId, owner, placeText, ingestions, skipped, leaseMs];
    const [row] = await this.database.write(update, values);
    return row?.state ?? null;
  }

  async end(
    bulkActionId: string,
    owner: string,
    { state, error }: { readonly state: 'completed' | 'failed'; readonly error: string | null },
    audit: AuditEntry,
  ): Promise<void> {
    await this.change(
      `UPDATE ${this.table} SET state = $4::text, last_error = $5::text, ended_at = round(${this.now})
       WHERE bulk_action_id = $1::uuid AND owner = $3::uuid AND state = 'running'`,
      [bulkActionId, toAuditValue(audit), owner, state, error],
    );
  }

  async release(owner: string): Promise<void> {
    const held = statement(`SELECT FROM ${this.table} WHERE owner = $1::uuid AND state = 'running' LIMIT 1`);
    if ((await this.database.read(held, [owner])).length > 0) {
      const free = `UPDATE ${this.table} SET owner = NULL, lease_ends_time = 0 WHERE owner = $1::uuid`;
      await this.database.write(statement(free), [owner]);
    }
  }

  /** Returns true if the update has changed a row. $1 is the id, $2 the entry of the audit log, which is stored with it. */
  private async change(update: string, values: readonly unknown[]): Promise<boolean> {
    if (!validate(values[0])) {
      return false;
    }
    const run: Statement<{ changed: number }> = statement(`
      WITH changed AS (${update} RETURNING 1),
      audited AS (${insertAudit(this.schema, '$2', { source: 'SELECT FROM changed' })})
      SELECT count(*) AS changed FROM changed
    `);
    const [row] = await this.database.write(run, values);
    return (row?.changed ?? 0) > 0;
  }

  private select(where: string): Statement<BulkActionRow> {
    return statement(`
      SELECT *, CASE WHEN state = 'planned' AND expires_at <= ${this.now} THEN 'expired' ELSE state END AS shown_state
      FROM ${this.table} ${where}
    `);
  }
}
