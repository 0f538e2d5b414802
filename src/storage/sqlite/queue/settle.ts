import type { StatementSync } from 'node:sqlite';
import type { AttemptError, Outcome } from '../../../domain/dispatch.js';
import { packResults, type ResultChunk } from '../../../domain/result-chunk.js';
import { countOutcomes, type OutcomeCounts } from '../../../domain/outcome-counts.js';
import { compressText, type StoredText } from '../database/compressed-text.js';
import type { SqliteDatabase } from '../database/database.js';
import type { StoreClock } from '../database/store-clock.js';

/** A part of a dispatch, joined with its ingestion's lane, priority and cancellation. */
export interface PartRow {
  seq: number;
  batch_no: number;
  first: number;
  size: number;
  failures: number;
  lane_no: number;
  rank: number;
  /** 1 if the ingestion was cancelled: ids that would be retried are dropped instead. */
  is_cancelled: number;
}

/** The dispatch as its claim knows it. The number locates the row; the id is the fencing token. */
export interface HeldDispatch {
  readonly dispatchNo: number;
  readonly dispatchId: Uint8Array;
}

/** A range of positions in an ingestion. */
type PositionRange = Pick<PartRow, 'seq' | 'first' | 'size'>;

/** One id of a part while its outcome is recorded. */
interface IdPosition {
  readonly seq: number;
  readonly position: number;
  readonly batchNo: number;
  readonly dispatchNo: number;
  readonly failures: number;
  readonly laneNo: number;
  readonly rank: number;
}

/** The outcomes of a part. */
interface OutcomeTotals {
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** The error of the first id that failed; null if none did. */
  readonly error: string | null;
}

/** The results of a part, in the form of its rows. */
type StoredChunk = Omit<ResultChunk, 'data'> & { readonly seq: number; readonly data: StoredText };

/** The time of recording on both clocks, in ms. */
export interface Timestamps {
  /** Store time. */
  readonly nowMs: number;
  readonly wallMs: number;
}

const LAPSED: AttemptError = {
  kind: 'lapsed',
  message: 'the gate stopped before the outcome was recorded',
};

/** Records the outcomes of dispatches. Callers hold the transaction, except for {@link packResults}. */
export class OutcomeWriter {
  private readonly endDispatch: StatementSync;
  private readonly subtractRetried: StatementSync;
  private readonly selectParts: StatementSync;
  private readonly countBatch: StatementSync;
  private readonly countIngestion: StatementSync;
  private readonly insertRetry: StatementSync;
  private readonly insertFailedAttempt: StatementSync;
  private readonly insertDeadLetter: StatementSync;
  private readonly insertResult: StatementSync;

  constructor(
    database: SqliteDatabase,
    private readonly time: StoreClock,
  ) {
    this.endDispatch = database.prepare(`
      UPDATE dispatch SET ended_at = :endedAt, ending = :ending,
                          completed = :completed, retried = :retried, failed = :failed
      WHERE dispatch_no = :dispatchNo AND dispatch_id = :dispatchId AND ended_at IS NULL
    `);
    this.subtractRetried = database.prepare(
      'UPDATE dispatch SET retried = retried - :cancelled WHERE dispatch_no = :dispatchNo',
    );
    this.selectParts = database.prepare(`
      SELECT part.seq, part.batch_no, part.first, part.size, part.failures,
             ingestion.lane_no, ingestion.rank,
             ingestion.cancelled_at IS NOT NULL AS is_cancelled
      FROM dispatch_part AS part JOIN ingestion USING (seq)
      WHERE part.dispatch_no = ? ORDER BY part.part_no
    `);
    this.countBatch = database.prepare(`
      UPDATE batch SET completed = completed + :completed, failed = failed + :failed,
                       cancelled = cancelled + :cancelled, error = coalesce(:error, error)
      WHERE seq = :seq AND batch_no = :batchNo
    `);
    this.countIngestion = database.prepare(`
      UPDATE ingestion SET
        completed = completed + :completed, failed = failed + :failed, cancelled = cancelled + :cancelled,
        updated_at = :wallMs,
        finished_at = iif(
          completed + failed + cancelled + :completed + :failed + :cancelled = total, :wallMs, NULL)
      WHERE seq = :seq
    `);
    this.insertRetry = database.prepare(`
      INSERT INTO retry (lane_no, rank, due_time, seq, position, batch_no, failures)
      VALUES (:laneNo, :rank, :dueTime, :seq, :position, :batchNo, :failures)
    `);
    this.insertFailedAttempt = database.prepare(`
      INSERT INTO failed_attempt (seq, position, dispatch_no, attempted_at, kind, message)
      VALUES (:seq, :position, :dispatchNo, :attemptedAt, :kind, :message)
    `);
    this.insertDeadLetter = database.prepare(`
      INSERT INTO dead_letter (seq, position, batch_no, failures, kind, message, died_at)
      VALUES (:seq, :position, :batchNo, :failures, :kind, :message, :diedAt)
    `);
    this.insertResult = database.prepare(`
      INSERT INTO result (seq, first, size, bytes, data) VALUES (:seq, :first, :size, :bytes, :data)
    `);
  }

  /**
   * Packs the results that will be stored. It runs before the transaction, so that other work continues while long
   * results are compressed.
   */
  async packResults(parts: readonly PositionRange[], outcomes: readonly Outcome[]): Promise<StoredChunk[]> {
    const results = outcomes.map((outcome) => (outcome.kind === 'completed' ? outcome.dataJson : undefined));
    let next = 0;
    const chunks = parts.flatMap(({ seq, first, size }) => {
      next += size;
      return packResults(first, results.slice(next - size, next)).map((chunk) => ({ seq, ...chunk }));
    });
    return Promise.all(
      chunks.map(async (chunk) => ({ ...chunk, data: await compressText(chunk.data, chunk.bytes) })),
    );
  }

  /** Implements `QueueRepository.settle`; `parts` are the current rows. */
  settle(
    held: HeldDispatch,
    parts: readonly PartRow[],
    outcomes: readonly Outcome[],
    results: readonly StoredChunk[],
    timestamps: Timestamps,
  ): boolean {
    const { dispatchNo } = held;
    if (!this.end(held, 'settled', timestamps, countOutcomes(outcomes))) {
      return false;
    }
    for (const result of results) {
      this.insertResult.run({ ...result });
    }
    let next = 0;
    let cancelled = 0;
    for (const part of parts) {
      cancelled += this.settlePart(dispatchNo, part, outcomes.slice(next, next + part.size), timestamps);
      next += part.size;
    }
    if (cancelled > 0) {
      this.subtractRetried.run({ dispatchNo, cancelled });
    }
    if (next !== outcomes.length) {
      throw new Error(
        `dispatch ${String(dispatchNo)} has ${String(next)} ids, not ${String(outcomes.length)}`,
      );
    }
    return true;
  }

  /**
   * Makes every id of the dispatch due at once without counting an attempt. Returns false if the dispatch had already
   * ended.
   */
  release(held: HeldDispatch, ending: 'lapsed' | 'released', timestamps: Timestamps): boolean {
    const { dispatchNo } = held;
    if (!this.end(held, ending, timestamps, countOutcomes([]))) {
      return false;
    }
    for (const part of this.partsOf(dispatchNo)) {
      for (const idPosition of toPositions(dispatchNo, part)) {
        this.recordFailedAttempt(idPosition, LAPSED, timestamps);
        if (part.is_cancelled === 0) {
          this.retryLater(idPosition, part.failures, timestamps.nowMs);
        }
      }
      if (part.is_cancelled === 1) {
        this.count(part, { completed: 0, failed: 0, cancelled: part.size, error: null }, timestamps);
      }
    }
    return true;
  }

  private end(held: HeldDispatch, ending: string, { wallMs }: Timestamps, counts: OutcomeCounts): boolean {
    this.time.persist();
    return Number(this.endDispatch.run({ ...held, ending, endedAt: wallMs, ...counts }).changes) === 1;
  }

  partsOf(dispatchNo: number): PartRow[] {
    return this.selectParts.all(dispatchNo) as unknown as PartRow[];
  }

  /** Returns how many ids would have been retried and were dropped. */
  private settlePart(
    dispatchNo: number,
    part: PartRow,
    outcomes: readonly Outcome[],
    timestamps: Timestamps,
  ): number {
    let completed = 0;
    let failed = 0;
    let cancelled = 0;
    let error: string | null = null;
    toPositions(dispatchNo, part).forEach((idPosition, i) => {
      const outcome = outcomes[i];
      if (outcome === undefined) {
        throw new Error(`dispatch ${String(dispatchNo)} is settled with too few outcomes`);
      }
      if (outcome.kind === 'completed') {
        completed += 1;
        return;
      }
      if (outcome.kind === 'postponed') {
        if (part.is_cancelled === 1) {
          cancelled += 1;
        } else {
          this.retryLater(idPosition, part.failures, timestamps.nowMs);
        }
        return;
      }
      this.recordFailedAttempt(idPosition, outcome.error, timestamps);
      if (outcome.kind === 'retry' && part.is_cancelled === 1) {
        cancelled += 1;
      } else if (outcome.kind === 'retry') {
        this.retryLater(idPosition, part.failures + 1, timestamps.nowMs + outcome.delayMs);
      } else {
        failed += 1;
        error ??= outcome.error.message;
        this.recordDeadLetter(idPosition, part.failures + 1, outcome.error, timestamps);
      }
    });
    this.count(part, { completed, failed, cancelled, error }, timestamps);
    return cancelled;
  }

  private count(
    { seq, batch_no: batchNo }: PartRow,
    outcomeTotals: OutcomeTotals,
    { wallMs }: Timestamps,
  ): void {
    const { completed, failed, cancelled, error } = outcomeTotals;
    this.countBatch.run({ seq, batchNo, completed, failed, cancelled, error });
    this.countIngestion.run({ seq, completed, failed, cancelled, wallMs });
  }

  private recordFailedAttempt(idPosition: IdPosition, error: AttemptError, { wallMs }: Timestamps): void {
    const { seq, position, dispatchNo } = idPosition;
    const { kind, message } = error;
    this.insertFailedAttempt.run({ seq, position, dispatchNo, attemptedAt: wallMs, kind, message });
  }

  private retryLater(idPosition: IdPosition, failures: number, dueTime: number): void {
    const { laneNo, rank, seq, position, batchNo } = idPosition;
    this.insertRetry.run({ laneNo, rank, dueTime, seq, position, batchNo, failures });
  }

  private recordDeadLetter(
    idPosition: IdPosition,
    failures: number,
    error: AttemptError,
    { wallMs }: Timestamps,
  ): void {
    const { seq, position, batchNo } = idPosition;
    const { kind, message } = error;
    this.insertDeadLetter.run({ seq, position, batchNo, failures, kind, message, diedAt: wallMs });
  }
}

function toPositions(dispatchNo: number, part: PartRow): IdPosition[] {
  const { seq, batch_no: batchNo, failures, lane_no: laneNo, rank } = part;
  return Array.from({ length: part.size }, (_, i) => ({
    seq,
    position: part.first + i,
    batchNo,
    dispatchNo,
    failures,
    laneNo,
    rank,
  }));
}
