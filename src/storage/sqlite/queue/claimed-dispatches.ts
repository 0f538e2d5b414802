import type { ClaimedDispatch, Dispatch, Outcome } from '../../../domain/dispatch.js';
import type { Selection } from '../../../scheduler/queue/queue.repository.js';
import type { PartRow } from './write-transitions.js';

interface ClaimedParts {
  readonly dispatchId: string;
  readonly parts: readonly PartRow[];
}

/**
 * Remembers the dispatches that this process has claimed, with their parts, until they end. A settlement in which no id
 * returns to the queue then reads no rows: only where an id returns to depends on what happened to its ingestion meanwhile.
 */
export class ClaimedDispatches {
  private readonly claimed = new Map<number, ClaimedParts>();

  add(
    laneNo: number,
    { dispatchNo, dispatchId }: Pick<Dispatch, 'dispatchNo' | 'dispatchId'>,
    taken: readonly Selection[],
  ): void {
    const parts = taken.map(({ candidate: { seq, batchNo, first, failures, rank }, size }) => {
      const place = { seq, batch_no: batchNo, first, size, failures };
      return { ...place, lane_no: laneNo, rank, is_cancelled: 0 };
    });
    this.claimed.set(dispatchNo, { dispatchId, parts });
  }

  /** Returns true if this process has claimed the dispatch, and knows nothing of its end. */
  isHeld({ dispatchNo, dispatchId }: Pick<ClaimedDispatch, 'dispatchNo' | 'dispatchId'>): boolean {
    return this.claimed.get(dispatchNo)?.dispatchId === dispatchId;
  }

  /** Returns the parts of a dispatch; undefined if they are not known, or if an id of it returns to the queue. */
  partsOf(dispatchNo: number, outcomes: readonly Outcome[]): readonly PartRow[] | undefined {
    const areFinal = outcomes.every(({ kind }) => kind === 'completed' || kind === 'failed');
    return areFinal ? this.claimed.get(dispatchNo)?.parts : undefined;
  }

  forget(dispatches: readonly Pick<ClaimedDispatch, 'dispatchNo'>[]): void {
    for (const { dispatchNo } of dispatches) {
      this.claimed.delete(dispatchNo);
    }
  }
}
