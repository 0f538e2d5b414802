import { validate } from 'uuid';
import type { AuditEntry } from '../../../domain/audit.js';
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
  type ClaimedDeliveryRow,
} from '../../shared/rows/delivery-row.js';
import { buildWhere } from '../../shared/where.js';
import { HostWindow, MAX_HOSTS_PER_CLAIM } from '../../shared/host-window.js';
import { insertAudit, toAuditValue } from '../audit/audit-log.js';
import { claimDeliveries, NEXT_CLAIM, pendingHosts } from './claim-deliveries.js';
import type { PostgresDatabase } from '../database/database.js';
import { postgresDialect } from '../database/dialect.js';
import { statement, type Statement } from '../database/statement.js';
import { toClientColumn } from '../../shared/client-column.js';

/** Implements the webhook outbox in PostgreSQL for any number of processes. */
export class PostgresWebhookOutbox implements WebhookOutbox {
  private readonly window = new HostWindow();
  private readonly claimDue: Statement<ClaimedDeliveryRow>;
  private readonly claimDueElsewhere: Statement<ClaimedDeliveryRow>;
  private readonly selectHosts: Statement<{ host: string }>;
  private readonly recordOne: Statement;
  private readonly resendOne: Statement<ClaimedDeliveryRow>;
  private readonly selectBacklog: Statement<BacklogRow>;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
  ) {
    this.claimDue = claimDeliveries(schema, 'to any receiver', columns(schema));
    this.claimDueElsewhere = claimDeliveries(schema, 'not to busy receivers', columns(schema));
    this.selectHosts = pendingHosts(schema);
    this.recordOne = statement(`
      UPDATE ${schema}.webhook_delivery
      SET state = $3::text, due_time = ${schema}.store_now() + $4::float8, attempted_at = round(${schema}.store_now()),
          http_status = $5::int, error = $6::text
      WHERE delivery_no = $1::bigint AND delivery_id = $7::uuid AND claim_no = $2::int AND state = 'pending'
      RETURNING delivery_no
    `);
    this.resendOne = statement(`
      WITH resent AS (
        UPDATE ${schema}.webhook_delivery
        SET state = 'pending', attempts = 0, claim_no = ${NEXT_CLAIM}, queued_time = NULL, due_time = 0
        WHERE delivery_id = $1::uuid AND ingestion_id = coalesce($2::uuid, ingestion_id)
        RETURNING ${columns(schema)}
      ),
      audited AS (${insertAudit(schema, '$3', { source: 'SELECT FROM resent' })})
      SELECT * FROM resent
    `);
    this.selectBacklog = statement(`
      SELECT count(*)::int AS pending,
        (${schema}.store_now() - min(coalesce(queued_time, ended_at)))::float8 AS oldest
      FROM (
        SELECT queued_time, ended_at FROM ${schema}.webhook_delivery WHERE state = 'pending'
        ORDER BY delivery_no LIMIT ${String(MAX_BACKLOG_COUNTED)}
      ) AS seen
    `);
  }

  async claim(
    limit: number,
    leaseMs: number,
    busy: SaturatedReceivers = NONE_SATURATED,
  ): Promise<ClaimedDelivery[]> {
    const isAnyBusy = busy.clients.length > 0 || busy.hosts.length > 0;
    const claimed = await (isAnyBusy
      ? this.claimElsewhere(limit, leaseMs, busy)
      : this.database.write(this.claimDue, [limit, leaseMs]));
    return claimed.map(toClaimedDelivery);
  }

  private async claimElsewhere(
    limit: number,
    leaseMs: number,
    busy: SaturatedReceivers,
  ): Promise<ClaimedDeliveryRow[]> {
    const withBusyHost = [...new Set(busy.hosts.map(({ client }) => toClientColumn(client)))];
    const open = (await Promise.all(withBusyHost.map((client) => this.openHostsOf(client, busy)))).flat();
    return this.database.write(this.claimDueElsewhere, [
      limit,
      leaseMs,
      [...busy.clients.map(toClientColumn), ...withBusyHost],
      open.map(({ client }) => client),
      open.map(({ host }) => host),
    ]);
  }

  /** Returns the hosts of a client that a claim reads: those that are not busy. */
  private async openHostsOf(
    client: string,
    busy: SaturatedReceivers,
  ): Promise<{ client: string; host: string }[]> {
    const values = [client, this.window.startAfter(client), MAX_HOSTS_PER_CLAIM];
    const found = await this.database.read(this.selectHosts, values);
    const hosts = found.map(({ host }) => host);
    this.window.advance(client, hosts);
    return hosts
      .filter((host) => !busy.hosts.some((one) => toClientColumn(one.client) === client && one.host === host))
      .map((host) => ({ client, host }));
  }

  async record(
    { deliveryNo, deliveryId, claimNo }: ClaimedDelivery,
    outcome: AttemptOutcome,
  ): Promise<boolean> {
    const { state, httpStatus, error } = outcome;
    const dueInMs = outcome.state === 'pending' ? outcome.retryInMs : 0;
    const values = [deliveryNo, claimNo, state, dueInMs, httpStatus, error, deliveryId];
    return (await this.database.write(this.recordOne, values)).length === 1;
  }

  async backlog(): Promise<DeliveryBacklog> {
    const [row] = await this.database.read(this.selectBacklog);
    return toBacklog(row);
  }

  async list(filter: DeliveryFilter, before: number | null, limit: number): Promise<Delivery[]> {
    const { sql, values } = buildWhere(postgresDialect(this.schema), deliveryConditions(filter), 2);
    const select: Statement<ClaimedDeliveryRow> = statement(`
      SELECT ${columns(this.schema)} FROM ${this.schema}.webhook_delivery
      WHERE delivery_no < $1::bigint ${sql} ORDER BY delivery_no DESC LIMIT $2::int
    `);
    const rows = await this.database.read(select, [before ?? Number.MAX_SAFE_INTEGER, limit, ...values]);
    return rows.map(toDelivery);
  }

  async resend(deliveryId: string, ingestionId?: string, audit?: AuditEntry): Promise<Delivery | null> {
    if (!validate(deliveryId) || (ingestionId !== undefined && !validate(ingestionId))) {
      return null;
    }
    const [row] = await this.database.write(this.resendOne, [
      deliveryId,
      ingestionId ?? null,
      toAuditValue(audit),
    ]);
    return row === undefined ? null : toDelivery(row);
  }
}

function columns(schema: string): string {
  return `delivery_no, delivery_id, client, ingestion_id, url, rank, total, completed, failed, ended_at, labels, cancel_reason, state, attempts,
          claim_no, ${schema}.store_now() - queued_time AS queued_ms_ago,
          round(greatest(due_time, ended_at)) AS next_at, attempted_at, http_status, error`;
}
