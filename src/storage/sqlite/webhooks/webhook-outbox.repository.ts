import { parse, validate } from 'uuid';
import type { AuditEntry } from '../../../domain/audit.js';
import type { Clock } from '../../../domain/clock.js';
import type { AttemptOutcome, ClaimedDelivery, Delivery } from '../../../domain/webhook-delivery.js';
import {
  MAX_BACKLOG_COUNTED,
  NONE_SATURATED,
  type SaturatedReceivers,
  type DeliveryBacklog,
  type DeliveryFilter,
  type WebhookOutbox,
} from '../../../webhooks/webhook-outbox.repository.js';
import { deliveryConditions } from '../../shared/filters.js';
import {
  toBacklog,
  toClaimedDelivery,
  toDelivery,
  type BacklogRow,
  type DeliveryRow,
} from '../../shared/rows/delivery-row.js';
import { buildWhere } from '../../shared/where.js';
import type { AuditLog } from '../audit/audit-log.js';
import { DueDeliveries } from './claim-deliveries.js';
import type { SqliteDatabase } from '../database/database.js';
import { SQLITE_DIALECT } from '../database/dialect.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { StoreClock } from '../database/store-clock.js';

/** A row as it is stored: times of the next attempt are store time, 0 means at once. */
interface StoredRow extends Omit<DeliveryRow, 'next_at'> {
  readonly queued_time: number;
  readonly due_time: number;
}

/** Implements the webhook outbox in the embedded store. */
export class SqliteWebhookOutbox implements WebhookOutbox {
  private readonly due: DueDeliveries;
  private readonly claimOne: PreparedStatement<StoredRow>;
  private readonly recordOne: PreparedStatement;
  private readonly resendOne: PreparedStatement<StoredRow>;
  private readonly selectBacklog: PreparedStatement<BacklogRow>;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
    private readonly auditLog: AuditLog,
  ) {
    this.due = new DueDeliveries(database);
    this.claimOne = database.prepare(`
      UPDATE webhook_delivery SET attempts = attempts + 1, claim_no = claim_no + 1,
        queued_time = coalesce(queued_time, :nowMs), due_time = :leaseEndsTime
      WHERE delivery_no = :deliveryNo RETURNING *
    `);
    this.recordOne = database.prepare(`
      UPDATE webhook_delivery SET state = :state, due_time = :dueTime, attempted_at = :attemptedAt,
        http_status = :httpStatus, error = :error
      WHERE delivery_no = :deliveryNo AND delivery_id = :deliveryId AND claim_no = :claimNo AND state = 'pending'
    `);
    this.resendOne = database.prepare(`
      UPDATE webhook_delivery SET state = 'pending', attempts = 0, claim_no = claim_no + 1, queued_time = NULL,
        due_time = 0
      WHERE delivery_id = :deliveryId AND ingestion_id = coalesce(:ingestionId, ingestion_id) RETURNING *
    `);
    this.selectBacklog = database.prepare(`
      SELECT count(*) AS pending,
        max(CASE WHEN queued_time IS NULL THEN :wallMs - ended_at ELSE :nowMs - queued_time END) AS oldest
      FROM (
        SELECT queued_time, ended_at FROM webhook_delivery WHERE state = 'pending'
        ORDER BY delivery_no LIMIT ${String(MAX_BACKLOG_COUNTED)}
      )
    `);
  }

  async claim(
    limit: number,
    leaseMs: number,
    busy: SaturatedReceivers = NONE_SATURATED,
  ): Promise<ClaimedDelivery[]> {
    const nowMs = this.time.nowMs();
    const due = this.database.read(() => this.due.find(nowMs, limit, busy));
    if (due.length === 0) {
      return [];
    }
    return this.database.write(() => {
      this.time.persist();
      return due.flatMap((deliveryNo) => {
        const row = this.claimOne.get({ deliveryNo, nowMs, leaseEndsTime: nowMs + leaseMs });
        return row === undefined
          ? []
          : [toClaimedDelivery({ ...this.withNextAt(row), queued_ms_ago: nowMs - row.queued_time })];
      });
    });
  }

  async record(
    { deliveryNo, deliveryId, claimNo }: ClaimedDelivery,
    outcome: AttemptOutcome,
  ): Promise<boolean> {
    const { state, httpStatus, error } = outcome;
    const dueTime = this.time.nowMs() + (outcome.state === 'pending' ? outcome.retryInMs : 0);
    const attemptedAt = this.clock.wallMs();
    const values = { deliveryNo, deliveryId, claimNo, state, httpStatus, error, dueTime, attemptedAt };
    return this.database.write(() => {
      this.time.persist();
      return Number(this.recordOne.run(values).changes) === 1;
    });
  }

  async backlog(): Promise<DeliveryBacklog> {
    const times = { nowMs: this.time.nowMs(), wallMs: this.clock.wallMs() };
    return toBacklog(this.database.read(() => this.selectBacklog.get(times)));
  }

  async list(filter: DeliveryFilter, before: number | null, limit: number): Promise<Delivery[]> {
    const { sql, values } = buildWhere(SQLITE_DIALECT, deliveryConditions(filter), 2);
    const rows = this.database.read(() =>
      this.database
        .prepareOnce<StoredRow>(
          `SELECT * FROM webhook_delivery WHERE delivery_no < ?1 ${sql} ORDER BY delivery_no DESC LIMIT ?2`,
        )
        .all(before ?? Number.MAX_SAFE_INTEGER, limit, ...values),
    );
    return rows.map((row) => toDelivery(this.withNextAt(row)));
  }

  async resend(deliveryId: string, ingestionId?: string, audit?: AuditEntry): Promise<Delivery | null> {
    if (ingestionId !== undefined && !validate(ingestionId)) {
      return null;
    }
    const row = this.database.write(() => {
      const resent = this.resendOne.get({
        deliveryId: deliveryId.toLowerCase(),
        ingestionId: ingestionId === undefined ? null : parse(ingestionId),
      });
      if (resent !== undefined) {
        this.auditLog.record(audit);
      }
      return resent;
    });
    return row === undefined ? null : toDelivery(this.withNextAt(row));
  }

  private withNextAt(row: StoredRow): StoredRow & DeliveryRow {
    const { due_time: dueTime, ended_at: endedAt } = row;
    const nextAt = dueTime === 0 ? endedAt : Math.round(this.clock.wallMs() + dueTime - this.time.nowMs());
    return { ...row, next_at: nextAt };
  }
}
