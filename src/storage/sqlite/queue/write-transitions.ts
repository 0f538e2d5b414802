import { parse } from 'uuid';
import {
  countTransitions,
  type Transition,
  type TransitionTotals,
} from '../../../domain/outcome-transition.js';
import type { Selection } from '../../../scheduler/queue/queue.repository.js';
import type { PriorityRank } from '../../../domain/priority.js';
import type { KeptKeyRow } from '../../shared/rows/candidate-row.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

/** A part of a dispatch, joined with its ingestion's lane, priority and cancellation. */
export interface PartRow extends KeptKeyRow {
  readonly seq: number;
  readonly batch_no: number;
  readonly first: number;
  readonly size: number;
  readonly failures: number;
  readonly lane_no: number;
  readonly rank: PriorityRank;
  /** 1 if the ingestion was cancelled: ids that would be retried are dropped instead. */
  readonly is_cancelled: number;
}

/** Returns the row of a part that a claim takes now. */
export function toPartRow(
  { candidate: { seq, batchNo, first, failures, rank }, size }: Selection,
  laneNo: number,
): PartRow {
  return { seq, batch_no: batchNo, first, size, failures, lane_no: laneNo, rank, is_cancelled: 0 };
}

/** A place in a dispatch. */
export interface DispatchPlace {
  readonly dispatchNo: number;
  readonly dispatchId: string;
  /** Number of ids of the dispatch. */
  readonly size: number;
  readonly place: number;
}

/** The columns of a kept key, for a statement. */
type KeptKeyValues = Record<'keptDispatchId' | 'keptPlace' | 'keptSize', Uint8Array | number | null>;

const NO_KEY: KeptKeyValues = { keptDispatchId: null, keptPlace: null, keptSize: null };

/** The time of recording on both clocks, in ms. */
export interface Timestamps {
  /** Store time. */
  readonly nowMs: number;
  readonly wallMs: number;
}

/** Writes the transitions of the ids of a dispatch. Callers hold the transaction. */
export class TransitionWriter {
  private readonly insertRetry: PreparedStatement;
  private readonly insertFailedAttempt: PreparedStatement;
  private readonly insertDeadLetter: PreparedStatement;

  constructor(database: SqliteDatabase) {
    this.insertRetry = database.prepare(`
      INSERT INTO retry (lane_no, rank, due_time, seq, position, batch_no, failures,
                         kept_dispatch_id, kept_place, kept_size)
      VALUES (:laneNo, :rank, :dueTime, :seq, :position, :batchNo, :failures, :keptDispatchId, :keptPlace, :keptSize)
    `);
    this.insertFailedAttempt = database.prepare(`
      INSERT INTO failed_attempt (seq, position, dispatch_no, attempted_at, kind, message)
      VALUES (:seq, :position, :dispatchNo, :attemptedAt, :kind, :message)
    `);
    this.insertDeadLetter = database.prepare(`
      INSERT INTO dead_letter
        (seq, position, batch_no, failures, kind, message, died_at, lane_no, client, upstream_status)
      SELECT seq, :position, :batchNo, :failures, :kind, :message, :diedAt, lane_no, client, :upstreamStatus
      FROM ingestion WHERE seq = :seq
    `);
  }

  /**
   * Writes the transitions of a part, one for each id; `from` is the place of the first one. Returns their sums.
   */
  write(
    from: DispatchPlace,
    part: PartRow,
    transitions: readonly Transition[],
    { nowMs, wallMs }: Timestamps,
  ): TransitionTotals {
    const { seq, batch_no: batchNo, lane_no: laneNo, rank, first } = part;
    const { dispatchNo } = from;
    transitions.forEach(({ to, addedFailures, delayMs, error, key }, i) => {
      const position = first + i;
      const failures = part.failures + addedFailures;
      if (error !== null) {
        const { kind, message } = error;
        this.insertFailedAttempt.run({ seq, position, dispatchNo, attemptedAt: wallMs, kind, message });
        if (to === 'failed') {
          const letter = { position, batchNo, failures, kind, message, diedAt: wallMs };
          this.insertDeadLetter.run({ seq, ...letter, upstreamStatus: error.upstreamStatus ?? null });
        }
      }
      if (to === 'queued') {
        const dueTime = nowMs + delayMs;
        const keptKey = nextKey(key, part, from, i);
        this.insertRetry.run({ laneNo, rank, dueTime, seq, position, batchNo, failures, ...keptKey });
      }
    });
    return countTransitions(transitions);
  }
}

/** Returns the key under which the id `i` of a part is sent next, see `Transition.key`. */
function nextKey(key: Transition['key'], part: PartRow, from: DispatchPlace, i: number): KeptKeyValues {
  const { kept_dispatch_id: keptDispatchId, kept_place: keptPlace, kept_size: keptSize } = part;
  if (key !== 'new' && keptDispatchId instanceof Uint8Array) {
    return { keptDispatchId, keptPlace: (keptPlace ?? 0) + i, keptSize: keptSize ?? null };
  }
  return key === 'same'
    ? { keptDispatchId: parse(from.dispatchId), keptPlace: from.place + i, keptSize: from.size }
    : NO_KEY;
}
