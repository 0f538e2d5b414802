import type { CancelReason } from '../../../domain/ingestion.js';
import { toLabelsField } from '../../../domain/labels.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import type { ClaimedDelivery, Delivery, DeliveryState } from '../../../domain/webhook-delivery.js';
import type { DeliveryBacklog } from '../../../webhooks/webhook-outbox.repository.js';
import { fromClientColumn } from '../client-column.js';
import { fromUuidColumn, type UuidColumn } from '../uuid-column.js';

/** A row of `webhook_delivery`, with its next attempt in wall time. */
export interface DeliveryRow {
  readonly delivery_no: number;
  readonly delivery_id: string;
  readonly client: string;
  readonly ingestion_id: UuidColumn;
  readonly url: string;
  readonly rank: PriorityRank;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly ended_at: number;
  readonly labels: string | null;
  readonly cancel_reason: CancelReason | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly claim_no: number;
  /** Wall time in ms; meaningless unless the delivery is pending. */
  readonly next_at: number;
  readonly attempted_at: number | null;
  readonly http_status: number | null;
  readonly error: string | null;
}

/** A claimed row. */
export interface ClaimedDeliveryRow extends DeliveryRow {
  readonly queued_ms_ago: number;
}

export interface BacklogRow {
  readonly pending: number;
  /** Age of the oldest pending delivery in ms; null if none is pending. */
  readonly oldest: number | null;
}

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    deliveryNo: row.delivery_no,
    deliveryId: row.delivery_id,
    ingestionId: fromUuidColumn(row.ingestion_id),
    url: row.url,
    priority: toPriority(row.rank),
    ...toLabelsField(row.labels),
    ...(row.cancel_reason !== null && { cancelReason: row.cancel_reason }),
    total: row.total,
    completed: row.completed,
    failed: row.failed,
    endedAtMs: row.ended_at,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAtMs: row.state === 'pending' ? row.next_at : null,
    lastAttempt:
      row.attempted_at === null
        ? null
        : { atMs: row.attempted_at, httpStatus: row.http_status, error: row.error },
  };
}

export function toClaimedDelivery(row: ClaimedDeliveryRow): ClaimedDelivery {
  return {
    ...toDelivery(row),
    claimNo: row.claim_no,
    client: fromClientColumn(row.client),
    queuedMsAgo: row.queued_ms_ago,
  };
}

export function toBacklog(row: BacklogRow | undefined): DeliveryBacklog {
  const oldest = row?.oldest ?? null;
  return { pending: row?.pending ?? 0, oldestMs: oldest === null ? null : Math.max(0, oldest) };
}
