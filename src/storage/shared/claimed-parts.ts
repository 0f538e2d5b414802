import type { ClaimedDispatch } from '../../domain/dispatch.js';

type DispatchKey = Pick<ClaimedDispatch, 'dispatchId'>;

/**
 * Remembers the parts of the dispatches that this process has claimed, until they end. The ids of a part never change, so a
 * settlement need not read them. What may change meanwhile is the ingestion.
 */
export class ClaimedParts<Part> {
  private readonly parts = new Map<string, readonly Part[]>();

  add({ dispatchId }: DispatchKey, parts: readonly Part[]): void {
    this.parts.set(dispatchId, parts);
  }

  /** Returns the parts of a dispatch; undefined if this process has not claimed it, or knows that it has ended. */
  find({ dispatchId }: DispatchKey): readonly Part[] | undefined {
    return this.parts.get(dispatchId);
  }

  forget(dispatches: readonly DispatchKey[]): void {
    for (const { dispatchId } of dispatches) {
      this.parts.delete(dispatchId);
    }
  }
}
