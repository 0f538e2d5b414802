import type { PriorityRank } from '../../../domain/priority.js';
import type { Candidate } from '../../../scheduler/queue/queue.repository.js';

/** The columns of pending ids that follow each other, which both stores select under the same names. */
export interface CandidateRow {
  readonly seq: number;
  readonly first: number;
  readonly size: number;
  readonly batch_no: number;
  readonly failures: number;
  readonly waiting_since: number;
  readonly client: string | null;
}

export function toCandidate(row: CandidateRow, rank: PriorityRank, isRetry: boolean): Candidate {
  return {
    rank,
    isRetry,
    pendingSinceMs: row.waiting_since,
    seq: row.seq,
    first: row.first,
    size: row.size,
    batchNo: row.batch_no,
    failures: row.failures,
    client: row.client,
  };
}
