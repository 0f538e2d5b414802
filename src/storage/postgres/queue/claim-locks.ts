import { toArrayLiteral } from '../database/array-literal.js';
import { plannedOnce, type BoundStatement, type Statement } from '../database/statement.js';
import type { ReadClaim } from './claim-values.js';

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

  /** @param isOneStatement true if a single statement commits all claims: it locks the ingestions itself, in that order */
  bind(claims: readonly ReadClaim[], isOneStatement: boolean): readonly BoundStatement[] {
    const gates = {
      statement: this.lockGates,
      values: [toArrayLiteral(claims.map(({ laneNo }) => laneNo))],
    };
    if (isOneStatement) {
      return [gates];
    }
    const selections = claims.flatMap(({ selection }) => selection.dispatches.flat());
    const seqs = new Set(selections.map(({ candidate }) => candidate.seq));
    return [gates, { statement: this.lockIngestions, values: [toArrayLiteral([...seqs])] }];
  }
}
