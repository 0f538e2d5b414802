import type { IngestionRecord } from '../../../domain/ingestion.js';
import { fromLabelsJson } from '../../../domain/labels.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import { fromUuidColumn, type UuidColumn } from '../uuid-column.js';

/** A row of `ingestion`, with the name of its lane. */
export interface IngestionRow {
  readonly seq: number;
  readonly ingestion_id: UuidColumn;
  readonly lane: string;
  readonly rank: PriorityRank;
  readonly client: string | null;
  readonly labels: string | null;
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
}

/** SQL for the columns of an {@link IngestionRow}, selected from `ingestion`. `gateTable` is the table of the lanes. */
export function ingestionColumns(gateTable: string): string {
  return `seq, ingestion_id, (SELECT lane FROM ${gateTable} WHERE gate.lane_no = ingestion.lane_no) AS lane, rank, client,
      labels, total, taken, batches, completed, failed, cancelled, cancelled_at, created_at, updated_at, units`;
}

export function toIngestionRecord(row: IngestionRow): IngestionRecord {
  return {
    seq: row.seq,
    ingestionId: fromUuidColumn(row.ingestion_id),
    lane: row.lane,
    priority: toPriority(row.rank),
    client: row.client,
    labels: fromLabelsJson(row.labels),
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
  };
}
