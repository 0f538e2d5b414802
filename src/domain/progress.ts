import type { IngestionRecord } from './ingestion.js';

/** How many ids of an ingestion are how far. */
export interface Progress {
  readonly total: number;
  /** Never sent. */
  readonly yetToStart: number;
  /** Sent, and without an outcome: their call runs, or they wait to be sent again. */
  readonly inFlight: number;
  readonly completed: number;
  readonly failed: number;
  /** Dropped, as the ingestion was cancelled. */
  readonly cancelled: number;
  /** Ids with an outcome or dropped, of 100, cut to one decimal: 100 only when every id has one. */
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
