import type { CancelReason, IngestionRecord } from '../../../domain/ingestion.js';
import { fromLabelsJson } from '../../../domain/labels.js';
import { SCHEDULED_RANK_OFFSET, toPriority } from '../../../domain/priority.js';
import { fromUuidColumn, type UuidColumn } from '../uuid-column.js';

/** A row of `ingestion`, with the name of its lane. */
export interface IngestionRow {
  readonly seq: number;
  readonly ingestion_id: UuidColumn;
  readonly lane: string;
  readonly rank: number;
  readonly client: string | null;
  readonly labels: string | null;
  readonly not_before: number | null;
  readonly expires_at: number | null;
  readonly cancel_reason: CancelReason | null;
  readonly total: number;
  readonly taken: number;
  readonly batches: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly cancelled_at: number | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly units: number;
  readonly listed_seq: number;
}

/** SQL for the number that orders ingestions of the same time in listings. */
export const LISTED_SEQ = 'coalesce(accepted_seq, seq)';

/** SQL for the columns of an {@link IngestionRow}, selected from `ingestion`. `gateTable` is the table of the lanes. */
export function ingestionColumns(gateTable: string): string {
  return `seq, ingestion_id, (SELECT lane FROM ${gateTable} WHERE gate.lane_no = ingestion.lane_no) AS lane, rank, client,
      labels, not_before, expires_at, cancel_reason, total, taken, batches, completed, failed, cancelled, cancelled_at, created_at, updated_at, units, ${LISTED_SEQ} AS listed_seq`;
}

export function toIngestionRecord(row: IngestionRow): IngestionRecord {
  return {
    seq: row.seq,
    ingestionId: fromUuidColumn(row.ingestion_id),
    lane: row.lane,
    priority: toPriority(row.rank),
    client: row.client,
    labels: fromLabelsJson(row.labels),
    notBeforeMs: row.not_before,
    expiresAtMs: row.expires_at,
    cancelReason: row.cancel_reason,
    isScheduled: row.rank >= SCHEDULED_RANK_OFFSET && row.cancelled_at === null,
    total: row.total,
    dispatched: row.taken,
    batches: row.batches,
    completed: row.completed,
    failed: row.failed,
    cancelled: row.cancelled,
    cancelledAtMs: row.cancelled_at,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    units: row.units,
    listedSeq: row.listed_seq,
  };
}
