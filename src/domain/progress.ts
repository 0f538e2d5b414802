import type { IngestionRecord } from './ingestion.js';

/** Counts the ids of an ingestion by state. */
export interface Progress {
  readonly total: number;
  /** Ids that were never sent. */
  readonly yetToStart: number;
  /** Ids that were sent and have no outcome yet: in flight, or pending for a retry. */
  readonly inFlight: number;
  readonly completed: number;
  readonly failed: number;
  /** Ids that a cancellation dropped. */
  readonly cancelled: number;
  /**
   * Percentage of ids that have an outcome or were dropped, cut to one decimal. It is 100 only if that is true of all
   * ids.
   */
  readonly percent: number;
}

export function computeProgress(head: IngestionRecord): Progress {
  const { total, dispatched, completed, failed, cancelled, cancelledAtMs } = head;
  const yetToStart = cancelledAtMs === null ? total - dispatched : 0;
  const ended = completed + failed + cancelled;
  return {
    total,
    yetToStart,
    inFlight: total - yetToStart - ended,
    completed,
    failed,
    cancelled,
    percent: Math.floor((ended * 1000) / total) / 10,
  };
}
