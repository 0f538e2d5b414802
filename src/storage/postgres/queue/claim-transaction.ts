import type { BoundStatement, Row } from '../database/statement.js';
import { ClaimLocks } from './claim-locks.js';
import type { ReadClaim } from './claim-values.js';
import { CommitClaims, type WrittenClaim } from './commit-claims.js';

/** The statements of a transaction, and how to read their results. */
export interface BoundClaims {
  readonly steps: readonly BoundStatement[];
  /** Returns the claims in their order; null for one that another process was faster with. */
  readonly read: (results: readonly (readonly Row[])[]) => readonly (WrittenClaim | null)[];
}

/**
 * Commits the claims of one or more lanes in one transaction. They share one statement; claims with departures have a
 * statement each.
 */
export class ClaimTransaction {
  private readonly locks: ClaimLocks;
  private readonly commitClaims: CommitClaims;

  constructor(schema: string) {
    this.locks = new ClaimLocks(schema);
    this.commitClaims = new CommitClaims(schema);
  }

  bind(claims: readonly ReadClaim[]): BoundClaims {
    const groups = toGroups(claims);
    const locks = claims.length === 1 ? [] : this.locks.bind(claims, groups.length === 1);
    return {
      steps: [...locks, ...groups.map((group) => this.commitClaims.bind(group))],
      read: (results) => {
        const byLane = Map.groupBy(results.slice(locks.length).flat(), (row) => row['lane_no']);
        return claims.map((claim) => this.commitClaims.read(claim, byLane.get(claim.laneNo) ?? []));
      },
    };
  }
}

/** Returns the claims of each statement. */
function toGroups(claims: readonly ReadClaim[]): readonly (readonly ReadClaim[])[] {
  const together = claims.filter(({ selection }) => selection.departures === null);
  const alone = claims.filter(({ selection }) => selection.departures !== null).map((claim) => [claim]);
  return together.length === 0 ? alone : [together, ...alone];
}
