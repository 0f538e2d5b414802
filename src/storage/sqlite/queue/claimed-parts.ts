import type { ClaimedDispatch, Outcome } from '../../../domain/dispatch.js';
import type { Selection } from '../../../scheduler/queue/queue.repository.js';
import type { PartRow } from './write-transitions.js';

/**
 * Remembers the parts of the dispatches that this process has claimed, until they end. A settlement in which no id returns
 * to the queue then reads no rows: only where an id returns to depends on what happened to its ingestion meanwhile.
 */
export class ClaimedParts {
  private readonly parts = new Map<number, readonly PartRow[]>();

  add(laneNo: number, dispatchNo: number, taken: readonly Selection[]): void {
    const parts = taken.map(({ candidate: { seq, batchNo, first, failures, rank }, size }) => {
      const place = { seq, batch_no: batchNo, first, size, failures };
      return { ...place, lane_no: laneNo, rank, is_cancelled: 0 };
    });
    this.parts.set(dispatchNo, parts);
  }

  /** Returns the parts of a dispatch; undefined if they are not known, or if an id of it returns to the queue. */
  find(dispatchNo: number, outcomes: readonly Outcome[]): readonly PartRow[] | undefined {
    const areFinal = outcomes.every(({ kind }) => kind === 'completed' || kind === 'failed');
    return areFinal ? this.parts.get(dispatchNo) : undefined;
  }

  forget(dispatches: readonly Pick<ClaimedDispatch, 'dispatchNo'>[]): void {
    for (const { dispatchNo } of dispatches) {
      this.parts.delete(dispatchNo);
    }
  }
}
