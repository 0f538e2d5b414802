import type { TransitionTotals } from '../../../domain/outcome-transition.js';
import { splitIntoRuns } from '../../shared/runs.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { PartRow, Timestamps } from './write-transitions.js';

interface BatchTotals extends TransitionTotals {
  readonly batchNo: number;
}

/** The sums of dispatches that end together, by ingestion and by batch, so that each is written once. */
export class SettlementTotals {
  readonly bySeq = new Map<number, Map<number, BatchTotals>>();

  add({ seq, batch_no: batchNo }: Pick<PartRow, 'seq' | 'batch_no'>, totals: TransitionTotals): void {
    let batches = this.bySeq.get(seq);
    if (batches === undefined) {
      batches = new Map();
      this.bySeq.set(seq, batches);
    }
    const sum = batches.get(batchNo);
    batches.set(batchNo, { batchNo, ...(sum === undefined ? totals : add(sum, totals)) });
  }
}

/** Adds sums to ingestions and batches. Callers hold the transaction. */
export class TotalsWriter {
  private readonly countBatches: PreparedStatement;
  private readonly countIngestion: PreparedStatement;

  constructor(database: SqliteDatabase) {
    this.countBatches = database.prepare(`
      UPDATE batch SET completed = completed + ?, failed = failed + ?, cancelled = cancelled + ?,
                       error = coalesce(?, error)
      WHERE seq = ? AND batch_no BETWEEN ? AND ?
    `);
    this.countIngestion = database.prepare(`
      UPDATE ingestion SET
        completed = completed + :completed, failed = failed + :failed, cancelled = cancelled + :dropped,
        updated_at = :wallMs,
        finished_at = iif(
          completed + failed + cancelled + :completed + :failed + :dropped = total, :wallMs, NULL)
      WHERE seq = :seq
    `);
  }

  write({ bySeq }: SettlementTotals, { wallMs }: Timestamps): void {
    for (const [seq, batches] of bySeq) {
      const sorted = [...batches.values()].sort((a, b) => a.batchNo - b.batchNo);
      for (const run of splitIntoRuns(sorted, isNextWithSameSums)) {
        this.writeBatches(seq, run);
      }
      const { completed, failed, dropped } = sorted.reduce<TransitionTotals>(add, NOTHING);
      this.countIngestion.run({ seq, completed, failed, dropped, wallMs });
    }
  }

  /** Adds the same sums to batches that follow each other. */
  private writeBatches(seq: number, run: readonly BatchTotals[]): void {
    const [first, last] = [run[0], run.at(-1)];
    if (first !== undefined && last !== undefined) {
      const { completed, failed, dropped, error } = first;
      this.countBatches.run(completed, failed, dropped, error, seq, first.batchNo, last.batchNo);
    }
  }
}

const NOTHING: TransitionTotals = { completed: 0, failed: 0, dropped: 0, error: null };

/** Adds two sums. As in the store, the newest error is kept. */
function add(sum: TransitionTotals, more: TransitionTotals): TransitionTotals {
  return {
    completed: sum.completed + more.completed,
    failed: sum.failed + more.failed,
    dropped: sum.dropped + more.dropped,
    error: more.error ?? sum.error,
  };
}

function isNextWithSameSums(totals: BatchTotals, previous: BatchTotals): boolean {
  return (
    totals.batchNo === previous.batchNo + 1 &&
    totals.completed === previous.completed &&
    totals.failed === previous.failed &&
    totals.dropped === previous.dropped &&
    totals.error === previous.error
  );
}
