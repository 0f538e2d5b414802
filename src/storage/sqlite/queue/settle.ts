import { parse } from 'uuid';
import type { ClaimedDispatch, Outcome } from '../../../domain/dispatch.js';
import { ofCancelled, toTransition, type Transition } from '../../../domain/outcome-transition.js';
import type { ResultChunk } from '../../../domain/result-chunk.js';
import { countOutcomes, type OutcomeCounts } from '../../../domain/outcome-counts.js';
import { compressText, type StoredText } from '../database/compressed-text.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import { packResultRuns, type ResultRun } from '../../shared/pack-result-runs.js';
import { splitIntoRuns } from '../../shared/runs.js';
import { SettlementTotals, TotalsWriter } from './settlement-totals.js';
import { TransitionWriter, type PartRow, type Timestamps } from './write-transitions.js';

/** The dispatch as its claim knows it. The number locates the row; the id is the fencing token. */
export type HeldDispatch = Pick<ClaimedDispatch, 'dispatchNo' | 'dispatchId'>;

/** The results of a part, in the form of its rows. */
type StoredChunk = Omit<ResultChunk, 'data'> & { readonly seq: number; readonly data: StoredText };

/** A dispatch with the number of its ids by outcome. */
type EndedDispatch = OutcomeCounts & { readonly dispatch: HeldDispatch };

/** A dispatch that is settled: its parts as they are now, and an outcome for each id. */
export interface SettledDispatch {
  readonly dispatch: HeldDispatch;
  /** True if this process has claimed the dispatch under this id: its number alone names it. */
  readonly isKnown: boolean;
  readonly parts: readonly PartRow[];
  readonly outcomes: readonly Outcome[];
}

/** A dispatch of several is not held any more, so nothing of them is recorded. */
export class NotHeldError extends Error {
  override readonly name = 'NotHeldError';
}

/**
 * Records the outcomes of dispatches. Callers hold the transaction, except for {@link packResults}, and persist store time
 * in it.
 */
export class OutcomeWriter {
  private readonly endDispatch: PreparedStatement;
  private readonly endRun: PreparedStatement;
  private readonly subtractRetried: PreparedStatement;
  private readonly selectParts: PreparedStatement<PartRow>;
  private readonly insertResult: PreparedStatement;
  private readonly transitions: TransitionWriter;
  private readonly totals: TotalsWriter;

  constructor(database: SqliteDatabase) {
    this.transitions = new TransitionWriter(database);
    this.totals = new TotalsWriter(database);
    this.endDispatch = database.prepare(`
      UPDATE dispatch SET ended_at = ?, ending = ?, completed = ?, retried = ?, failed = ?
      WHERE dispatch_no = ? AND dispatch_id = ? AND ended_at IS NULL
    `);
    this.endRun = database.prepare(`
      UPDATE dispatch SET ended_at = ?, ending = 'settled', completed = ?, retried = ?, failed = ?
      WHERE dispatch_no BETWEEN ? AND ? AND ended_at IS NULL
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
   * results are compressed. Results of neighbouring ids share a chunk, also if they come from several dispatches.
   */
  async packResults(settled: readonly Pick<SettledDispatch, 'parts' | 'outcomes'>[]): Promise<StoredChunk[]> {
    const chunks = packResultRuns(settled.flatMap(toResultRuns));
    return Promise.all(
      chunks.map(async (chunk) => ({ ...chunk, data: await compressText(chunk.data, chunk.bytes) })),
    );
  }

  /**
   * Records the outcomes of dispatches, of which each is held. `results` are those of {@link packResults}.
   * @throws NotHeldError if one of several is not held any more; of a single one it returns false
   */
  settle(
    settled: readonly SettledDispatch[],
    results: readonly StoredChunk[],
    timestamps: Timestamps,
  ): boolean {
    if (!this.endAll(settled, timestamps)) {
      if (settled.length > 1) {
        throw new NotHeldError('one of several dispatches is not held any more');
      }
      return false;
    }
    for (const { seq, first, size, bytes, data } of results) {
      this.insertResult.run(seq, first, size, bytes, data);
    }
    const totals = new SettlementTotals();
    for (const dispatch of settled) {
      this.writeTransitions(dispatch, timestamps, totals);
    }
    this.totals.write(totals, timestamps);
    return true;
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
    const settlementTotals = new SettlementTotals();
    const parts = this.partsOf(held.dispatchNo);
    const call = { ...held, size: parts.reduce((sum, { size }) => sum + size, 0) };
    let next = 0;
    for (const part of parts) {
      const transitions = Array.from({ length: part.size }, () => change);
      const place = { ...call, place: next };
      const totals = this.transitions.write(place, part, ofPart(part, transitions), timestamps);
      next += part.size;
      if (totals.dropped > 0) {
        settlementTotals.add(part, totals);
      }
    }
    this.totals.write(settlementTotals, timestamps);
    return true;
  }

  partsOf(dispatchNo: number): PartRow[] {
    return this.selectParts.all(dispatchNo);
  }

  /** Writes the transitions of the ids of a dispatch, and adds their sums to `totals`. */
  private writeTransitions(
    { dispatch, parts, outcomes }: SettledDispatch,
    timestamps: Timestamps,
    settlementTotals: SettlementTotals,
  ): void {
    const { dispatchNo } = dispatch;
    const call = { ...dispatch, size: outcomes.length };
    let next = 0;
    let dropped = 0;
    for (const part of parts) {
      const transitions = outcomes.slice(next, next + part.size).map(toTransition);
      const place = { ...call, place: next };
      const totals = this.transitions.write(place, part, ofPart(part, transitions), timestamps);
      settlementTotals.add(part, totals);
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
  }

  /**
   * Ends dispatches as settled. Known ones that follow each other and have the same counts share a statement. Returns
   * false if one of them is not held any more.
   */
  private endAll(settled: readonly SettledDispatch[], timestamps: Timestamps): boolean {
    const sorted = settled
      .map(({ dispatch, isKnown, outcomes }) => ({ dispatch, isKnown, ...countOutcomes(outcomes) }))
      .sort((a, b) => a.dispatch.dispatchNo - b.dispatch.dispatchNo);
    const runs = splitIntoRuns(
      sorted,
      (next, previous) =>
        next.dispatch.dispatchNo === previous.dispatch.dispatchNo + 1 &&
        next.completed === previous.completed &&
        next.retried === previous.retried &&
        next.failed === previous.failed &&
        next.isKnown &&
        previous.isKnown,
    );
    return runs.every((run) => this.endTogether(run, timestamps));
  }

  private endTogether(run: readonly EndedDispatch[], timestamps: Timestamps): boolean {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) {
      return true;
    }
    if (run.length === 1) {
      return this.end(first.dispatch, 'settled', timestamps, first);
    }
    const counts = [first.completed, first.retried, first.failed];
    const numbers = [first.dispatch.dispatchNo, last.dispatch.dispatchNo];
    return this.endRun.run(timestamps.wallMs, ...counts, ...numbers).changes === run.length;
  }

  private end(
    { dispatchNo, dispatchId }: HeldDispatch,
    ending: string,
    { wallMs }: Timestamps,
    { completed, retried, failed }: OutcomeCounts,
  ): boolean {
    const counts = [completed, retried, failed];
    return this.endDispatch.run(wallMs, ending, ...counts, dispatchNo, parse(dispatchId)).changes === 1;
  }
}

function ofPart(
  { is_cancelled: isCancelled }: PartRow,
  transitions: readonly Transition[],
): readonly Transition[] {
  return isCancelled === 1 ? transitions.map(ofCancelled) : transitions;
}

/** Returns the results to store of each part of a dispatch. */
function toResultRuns({ parts, outcomes }: Pick<SettledDispatch, 'parts' | 'outcomes'>): ResultRun[] {
  let next = 0;
  return parts.map(({ seq, first, size }) => {
    next += size;
    const results = outcomes
      .slice(next - size, next)
      .map((outcome) => (outcome.kind === 'completed' ? outcome.dataJson : undefined));
    return { seq, first, results };
  });
}
