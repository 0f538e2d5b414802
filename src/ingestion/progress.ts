import type { IngestionHead } from './ingestion.js';

/** How many ids of an ingestion are how far. */
export interface Progress {
  readonly total: number;
  /** Never sent. */
  readonly yetToStart: number;
  /** Sent, and without an outcome: their call runs, or they wait to be sent again. */
  readonly inFlight: number;
  readonly completed: number;
  readonly failed: number;
  /** Ids with an outcome, of 100, cut to one decimal: 100 only when every id has one. */
  readonly percent: number;
}

export function progressOf({ total, taken, completed, failed }: IngestionHead): Progress {
  return {
    total,
    yetToStart: total - taken,
    inFlight: taken - completed - failed,
    completed,
    failed,
    percent: Math.floor(((completed + failed) * 1000) / total) / 10,
  };
}
