import type { ClaimedDispatch } from '../../../domain/dispatch.js';
import type { Selection } from '../../../scheduler/queue/queue.repository.js';

/** Consecutive ids of a batch that a dispatch carries. */
export interface ClaimedPart {
  readonly seq: number;
  readonly batchNo: number;
  readonly first: number;
  readonly size: number;
}

/**
 * Remembers the parts of the dispatches that this process has claimed, until they end. The parts of a dispatch never
 * change, so a settlement need not read them.
 */
export class ClaimedParts {
  private readonly parts = new Map<string, readonly ClaimedPart[]>();

  add(dispatchId: string, taken: readonly Selection[]): void {
    const parts = taken.map(({ candidate: { seq, batchNo, first }, size }) => ({
      seq,
      batchNo,
      first,
      size,
    }));
    this.parts.set(dispatchId, parts);
  }

  /** Returns the parts of a dispatch; undefined if they are not known. */
  find(dispatchId: string): readonly ClaimedPart[] | undefined {
    return this.parts.get(dispatchId);
  }

  forget(dispatches: readonly Pick<ClaimedDispatch, 'dispatchId'>[]): void {
    for (const { dispatchId } of dispatches) {
      this.parts.delete(dispatchId);
    }
  }
}
