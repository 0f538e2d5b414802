import type { AttemptErrorKind } from '../../../domain/dispatch.js';
import { fromLabelsJson } from '../../../domain/labels.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import type {
  DeadLetter,
  DeadLetterTally,
  FailedAttempt,
} from '../../../operations/dead-letters/dead-letter.repository.js';
import { fromUuidColumn, type UuidColumn } from '../uuid-column.js';

/** A row of `dead_letter`, joined with its ingestion. */
export interface DeadLetterRow {
  readonly dead_letter_no: number;
  readonly ingestion_id: UuidColumn;
  readonly rank: PriorityRank;
  readonly batch_no: number;
  readonly position: number;
  readonly kind: AttemptErrorKind;
  readonly message: string;
  readonly died_at: number;
  readonly upstream_status: number | null;
  readonly lane: string;
  readonly client: string | null;
  readonly labels: string | null;
}

/** The columns of a tally. */
export interface TallyRow {
  readonly seq: number;
  readonly lane: string;
  readonly kind: AttemptErrorKind;
  readonly message: string;
  readonly upstream_status: number | null;
  readonly ids: number;
  readonly first_at: number;
  readonly last_at: number;
}

export function toDeadLetter(
  row: DeadLetterRow,
  packedId: Uint8Array,
  attempts: readonly FailedAttempt[],
): DeadLetter {
  return {
    deadLetterNo: row.dead_letter_no,
    ingestionId: fromUuidColumn(row.ingestion_id),
    batchNo: row.batch_no,
    position: row.position,
    packedId,
    priority: toPriority(row.rank),
    lane: row.lane,
    client: row.client,
    labels: fromLabelsJson(row.labels),
    kind: row.kind,
    message: row.message,
    upstreamStatus: row.upstream_status,
    failedAtMs: row.died_at,
    attempts,
  };
}

export function toTally(row: TallyRow): DeadLetterTally {
  const { seq, lane, kind, message, ids } = row;
  return {
    seq,
    lane,
    kind,
    message,
    upstreamStatus: row.upstream_status,
    ids,
    firstFailedAtMs: row.first_at,
    lastFailedAtMs: row.last_at,
  };
}
