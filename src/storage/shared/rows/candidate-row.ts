import { stringify } from 'uuid';
import type { KeptKey } from '../../../domain/dispatch.js';
import type { PriorityRank } from '../../../domain/priority.js';
import type { Candidate } from '../../../scheduler/queue/queue.repository.js';

/** The columns of a kept key. An id without one has null or no values. */
export interface KeptKeyRow {
  readonly kept_dispatch_id?: Uint8Array | string | null;
  readonly kept_place?: number | null;
  readonly kept_size?: number | null;
}

/** The columns of pending ids that follow each other, which both stores select under the same names. */
export interface CandidateRow extends KeptKeyRow {
  readonly seq: number;
  readonly first: number;
  readonly size: number;
  readonly batch_no: number;
  readonly failures: number;
  readonly waiting_since: number;
  readonly client: string | null;
  readonly units: number;
}

export function toCandidate(row: CandidateRow, rank: PriorityRank, isRetry: boolean): Candidate {
  const keptKey = toKeptKey(row);
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
    units: row.units,
    ...(keptKey !== null && { keptKey }),
  };
}

/** Returns null if the row has no kept key. */
export function toKeptKey({
  kept_dispatch_id: dispatchId = null,
  kept_place: place = null,
  kept_size: size = null,
}: KeptKeyRow): KeptKey | null {
  return dispatchId === null || place === null || size === null
    ? null
    : { dispatchId: typeof dispatchId === 'string' ? dispatchId : stringify(dispatchId), place, size };
}
