import type { Outcome } from '../../../domain/dispatch.js';
import { ofCancelled, toTransition, type Transition } from '../../../domain/outcome-transition.js';
import { packResults, type ResultChunk } from '../../../domain/result-chunk.js';
import { countOutcomes, type OutcomeCounts } from '../../../domain/outcome-counts.js';
import { compressText, type StoredText } from '../database/compressed-text.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import { IngestionTotals, TransitionWriter, type PartRow, type Timestamps } from './write-transitions.js';

/** The dispatch as its claim knows it. The number locates the row; the id is the fencing token. */
export interface HeldDispatch {
  readonly dispatchNo: number;
  readonly dispatchId: Uint8Array;
}

/** A range of positions in an ingestion. */
type PositionRange = Pick<PartRow, 'seq' | 'first' | 'size'>;

/** The results of a part, in the form of its rows. */
type StoredChunk = Omit<ResultChunk, 'data'> & { readonly seq: number; readonly data: StoredText };

/** What is recorded of a dispatch: its parts as they are now, an outcome for each id, and the results to store. */
interface SettledParts {
  readonly parts: readonly PartRow[];
  readonly outcomes: readonly Outcome[];
  readonly results: readonly StoredChunk[];
}

/**
 * Records the outcomes of dispatches. Callers hold the transaction, except for {@link packResults}, and persist store time
 * in it.
 */
export class OutcomeWriter {
  private readonly endDispatch: PreparedStatement;
  private readonly subtractRetried: PreparedStatement;
  private readonly selectParts: PreparedStatement<PartRow>;
  private readonly insertResult: PreparedStatement;
  private readonly transitions: TransitionWriter;

  constructor(database: SqliteDatabase) {
    this.transitions = new TransitionWriter(database);
    this.endDispatch = database.prepare(`
      UPDATE dispatch SET ended_at = ?, ending = ?, completed = ?, retried = ?, failed = ?
      WHERE dispatch_no = ? AND dispatch_id = ? AND ended_at IS NULL
    `);
    this.subtractRetried = database.prepare(
      'UPDATE dispatch SET retried = retried - :dropped WHERE dispatch_no = :dispatchNo',
    );
    this.selectParts = database.prepare(`
      SELECT part.seq, part.batch_no, part.first, part.size, part.failures,
             part.kept_dispatch_id, part.kept_place, part.kept_size, ingestion.lane_no, ingestion.rank,
             ingestion.cancelled_at IS NOT NULL AS is_cancelled
      FROM dispatch_part AS part JOIN ingestion USING (seq)
      WHERE part.dispatch_no = ? ORDER BY part.part_no
    `);
    this.insertResult = database.prepare(
      'INSERT INTO result (seq, first, size, bytes, data) VALUES (?, ?, ?, ?, ?)',
    );
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

  /** Records the outcomes of one dispatch. Adds those of its ingestions to `ingestionTotals`, for {@link count}. */
  settle(
    held: HeldDispatch,
    { parts, outcomes, results }: SettledParts,
    timestamps: Timestamps,
    ingestionTotals: IngestionTotals,
  ): boolean {
    const { dispatchNo } = held;
    const call = { ...held, size: outcomes.length };
    if (!this.end(held, 'settled', timestamps, countOutcomes(outcomes))) {
      return false;
    }
    for (const { seq, first, size, bytes, data } of results) {
      this.insertResult.run(seq, first, size, bytes, data);
    }
    let next = 0;
    let dropped = 0;
    for (const part of parts) {
      const transitions = outcomes.slice(next, next + part.size).map(toTransition);
      const place = { ...call, place: next };
      const totals = this.transitions.write(place, part, ofPart(part, transitions), timestamps);
      this.transitions.countBatch(part, totals);
      ingestionTotals.add(part.seq, totals);
      dropped += totals.dropped;
      next += part.size;
    }
    if (dropped > 0) {
      this.subtractRetried.run({ dispatchNo, dropped });
    }
    if (next !== outcomes.length) {
      throw new Error(
        `dispatch ${String(dispatchNo)} has ${String(next)} ids, not ${String(outcomes.length)}`,
      );
    }
    return true;
  }

  /** Adds the sums of all dispatches that are settled together to their ingestions. */
  count(totals: IngestionTotals, timestamps: Timestamps): void {
    this.transitions.countIngestions(totals, timestamps);
  }

  /**
   * Makes every id of the dispatch due at once without counting an attempt; `change` is that of each id. Returns false if
   * the dispatch had already ended.
   */
  release(
    held: HeldDispatch,
    ending: 'lapsed' | 'released',
    change: Transition,
    timestamps: Timestamps,
  ): boolean {
    if (!this.end(held, ending, timestamps, countOutcomes([]))) {
      return false;
    }
    const ingestionTotals = new IngestionTotals();
    const parts = this.partsOf(held.dispatchNo);
    const call = { ...held, size: parts.reduce((sum, { size }) => sum + size, 0) };
    let next = 0;
    for (const part of parts) {
      const transitions = Array.from({ length: part.size }, () => change);
      const place = { ...call, place: next };
      const totals = this.transitions.write(place, part, ofPart(part, transitions), timestamps);
      next += part.size;
      if (totals.dropped > 0) {
        this.transitions.countBatch(part, totals);
        ingestionTotals.add(part.seq, totals);
      }
    }
    this.count(ingestionTotals, timestamps);
    return true;
  }

  private end(
    { dispatchNo, dispatchId }: HeldDispatch,
    ending: string,
    { wallMs }: Timestamps,
    { completed, retried, failed }: OutcomeCounts,
  ): boolean {
    const counts = [completed, retried, failed];
    return this.endDispatch.run(wallMs, ending, ...counts, dispatchNo, dispatchId).changes === 1;
  }

  partsOf(dispatchNo: number): PartRow[] {
    return this.selectParts.all(dispatchNo);
  }
}

function ofPart(
  { is_cancelled: isCancelled }: PartRow,
  transitions: readonly Transition[],
): readonly Transition[] {
  return isCancelled === 1 ? transitions.map(ofCancelled) : transitions;
}
