import type { AttemptErrorKind } from '../../../domain/dispatch.js';
import { toPriority, type PriorityRank } from '../../../domain/priority.js';
import type { DeadLetter, FailedAttempt } from '../../../operations/dead-letters/dead-letter.repository.js';
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
    kind: row.kind,
    message: row.message,
    failedAtMs: row.died_at,
    attempts,
  };
}
