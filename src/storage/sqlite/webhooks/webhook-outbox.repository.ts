import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { parse, stringify, validate } from 'uuid';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import type { Clock } from '../../../domain/clock.js';
import type {
  AttemptOutcome,
  ClaimedDelivery,
  Delivery,
  DeliveryState,
} from '../../../domain/webhook-delivery.js';
import {
  MAX_BACKLOG_COUNTED,
  NONE_SATURATED,
  type SaturatedReceivers,
  type DeliveryBacklog,
  type DeliveryFilter,
  type WebhookOutbox,
} from '../../../webhooks/webhook-outbox.repository.js';
import { DueDeliveries } from './claim-deliveries.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';
import { fromClientColumn } from '../../shared/client-column.js';

interface DeliveryRow {
  delivery_no: number;
  delivery_id: string;
  client: string;
  ingestion_id: Uint8Array;
  url: string;
  rank: PriorityRank;
  total: number;
  completed: number;
  failed: number;
  ended_at: number;
  state: DeliveryState;
  attempts: number;
  claim_no: number;
  queued_time: number;
  due_time: number;
  attempted_at: number | null;
  http_status: number | null;
  error: string | null;
}

const CONDITIONS = {
  ingestionId: 'AND ingestion_id = :ingestionId',
  state: 'AND state = :state',
} as const;

/** Implements the webhook outbox in the embedded store. */
export class SqliteWebhookOutbox implements WebhookOutbox {
  private readonly due: DueDeliveries;
  private readonly claimOne: StatementSync;
  private readonly recordOne: StatementSync;
  private readonly resendOne: StatementSync;
  private readonly selectBacklog: StatementSync;
  private readonly listStatements = new Map<string, StatementSync>();

  constructor(
    private readonly database: SqliteDatabase,
    private readonly time: StoreClock,
    private readonly clock: Clock,
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
      return due.map((deliveryNo) => {
        const claimed = this.claimOne.get({
          deliveryNo,
          nowMs,
          leaseEndsTime: nowMs + leaseMs,
        }) as unknown as DeliveryRow;
        return {
          ...this.toDelivery(claimed),
          claimNo: claimed.claim_no,
          client: fromClientColumn(claimed.client),
          queuedMsAgo: nowMs - claimed.queued_time,
        };
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
    const row = this.database.read(() => this.selectBacklog.get(times));
    const oldest = row?.['oldest'];
    return {
      pending: Number(row?.['pending']),
      oldestMs: typeof oldest === 'number' ? Math.max(0, oldest) : null,
    };
  }

  async list(filter: DeliveryFilter, before: number | null, limit: number): Promise<Delivery[]> {
    return this.database.read(() => {
      const rows = this.listStatement(filter).all({
        ...parametersOf(filter),
        before: before ?? Number.MAX_SAFE_INTEGER,
        limit,
      }) as unknown as DeliveryRow[];
      return rows.map((row) => this.toDelivery(row));
    });
  }

  async resend(deliveryId: string, ingestionId?: string): Promise<Delivery | null> {
    if (ingestionId !== undefined && !validate(ingestionId)) {
      return null;
    }
    const row = this.database.write(() =>
      this.resendOne.get({
        deliveryId: deliveryId.toLowerCase(),
        ingestionId: ingestionId === undefined ? null : parse(ingestionId),
      }),
    );
    return row === undefined ? null : this.toDelivery(row as unknown as DeliveryRow);
  }

  /** Returns the statement for a combination of filters; each has its own, so that each uses its index. */
  private listStatement({ ingestionId, state }: DeliveryFilter): StatementSync {
    const conditions = [
      ingestionId === undefined ? '' : CONDITIONS.ingestionId,
      state === undefined ? '' : CONDITIONS.state,
    ].join(' ');
    const statement =
      this.listStatements.get(conditions) ??
      this.database.prepare(`
        SELECT * FROM webhook_delivery WHERE delivery_no < :before ${conditions}
        ORDER BY delivery_no DESC LIMIT :limit
      `);
    this.listStatements.set(conditions, statement);
    return statement;
  }

  private toDelivery(row: DeliveryRow): Delivery {
    const dueAtMs =
      row.due_time === 0 ? row.ended_at : Math.round(this.clock.wallMs() + row.due_time - this.time.nowMs());
    return {
      deliveryNo: row.delivery_no,
      deliveryId: row.delivery_id,
      ingestionId: stringify(row.ingestion_id),
      url: row.url,
      priority: toPriority(row.rank),
      total: row.total,
      completed: row.completed,
      failed: row.failed,
      endedAtMs: row.ended_at,
      state: row.state,
      attempts: row.attempts,
      nextAttemptAtMs: row.state === 'pending' ? dueAtMs : null,
      lastAttempt:
        row.attempted_at === null
          ? null
          : { atMs: row.attempted_at, httpStatus: row.http_status, error: row.error },
    };
  }
}

function parametersOf({ ingestionId, state }: DeliveryFilter): Record<string, SQLInputValue> {
  return {
    ...(ingestionId !== undefined && { ingestionId: validate(ingestionId) ? parse(ingestionId) : null }),
    ...(state !== undefined && { state }),
  };
}
