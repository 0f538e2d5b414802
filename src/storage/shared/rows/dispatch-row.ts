import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import type {
  DispatchedBatch,
  DispatchEnding,
  DispatchRecord,
  IdError,
} from '../../../operations/dispatches/dispatch.repository.js';
import { fromUuidColumn, type UuidColumn } from '../uuid-column.js';

/** A row of `dispatch`, with the name of its lane. */
export interface DispatchRow {
  readonly dispatch_no: number;
  readonly dispatch_id: UuidColumn;
  readonly lane: string;
  readonly begun_at: number;
  readonly ended_at: number | null;
  readonly ending: DispatchEnding | null;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
}

/** A row of `dispatch_part`, joined with its ingestion. */
export interface DispatchPartRow {
  readonly ingestion_id: UuidColumn;
  readonly rank: PriorityRank;
  readonly batch_no: number;
  readonly size: number;
  /** Failed attempts of its ids before this dispatch. */
  readonly failures: number;
  /** Number of its ids whose attempt failed in this dispatch. */
  readonly unsuccessful: number;
}

export function toDispatchRecord(row: DispatchRow, parts: readonly DispatchedBatch[]): DispatchRecord {
  const { completed, retried, failed } = row;
  return {
    dispatchNo: row.dispatch_no,
    dispatchId: fromUuidColumn(row.dispatch_id),
    lane: row.lane,
    startedAtMs: row.begun_at,
    endedAtMs: row.ended_at,
    ending: row.ending,
    counts: { completed, retried, failed },
    parts,
  };
}

export function toDispatchedBatch(
  row: DispatchPartRow,
  packedIds: Uint8Array,
  errors: readonly IdError[],
): DispatchedBatch {
  return {
    ingestionId: fromUuidColumn(row.ingestion_id),
    batchNo: row.batch_no,
    priority: toPriority(row.rank),
    size: row.size,
    failures: row.failures,
    unsuccessful: row.unsuccessful,
    packedIds,
    errors,
  };
}
