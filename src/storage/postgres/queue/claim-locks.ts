import { toArrayLiteral } from '../database/array-literal.js';
import { plannedOnce, type BoundStatement, type Statement } from '../database/statement.js';
import type { ClaimDraft } from './lane-queue.js';

/**
 * Locks what claims of several lanes in one transaction change: first their gates, then their ingestions in the order of
 * `seq` over all lanes. Each claim alone locks in this order too, and outcomes lock ingestions in the order of `seq`, so
 * none of these transactions can deadlock with another one.
 */
export class ClaimLocks {
  private readonly lockGates: Statement;
  private readonly lockIngestions: Statement;

  constructor(schema: string) {
    this.lockGates = plannedOnce(
      `SELECT lane_no FROM ${schema}.gate WHERE lane_no = ANY ($1::int[]) ORDER BY lane_no FOR NO KEY UPDATE`,
    );
    this.lockIngestions = plannedOnce(
      `SELECT seq FROM ${schema}.ingestion WHERE seq = ANY ($1::bigint[]) ORDER BY seq FOR NO KEY UPDATE`,
    );
  }

  bind(drafts: readonly ClaimDraft[]): readonly BoundStatement[] {
    const selections = drafts.flatMap(({ selection }) => selection.dispatches.flat());
    const seqs = new Set(selections.map(({ candidate }) => candidate.seq));
    return [
      { statement: this.lockGates, values: [toArrayLiteral(drafts.map(({ laneNo }) => laneNo))] },
      { statement: this.lockIngestions, values: [toArrayLiteral([...seqs])] },
    ];
  }
}
