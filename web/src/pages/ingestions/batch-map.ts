import type { Batch, Ingestion, Status } from '../../api/types.js';

/** Cells of a map: what a screen has room for, however long the list. */
export const MOST_CELLS = 600;

export interface Cell {
  /** Batches from this one on, from 0. */
  readonly from: number;
  readonly size: number;
  readonly status: Status;
}

/** One cell for each batch, where all are known. */
export function cellsOfBatches(batches: readonly Batch[]): Cell[] {
  return batches.map(({ status }, from) => ({ from, size: 1, status }));
}

/**
 * Cells of a list too long for one each. Ids go out in their order, so that how far it is tells how most stand; where
 * ids gave up is known by their positions.
 */
export function cellsOfProgress(
  { progress }: Ingestion,
  batchSize: number,
  failedPositions: readonly number[],
): Cell[] {
  const batches = Math.max(1, Math.ceil(progress.total / batchSize));
  const size = Math.ceil(batches / MOST_CELLS);
  const sent = progress.total - progress.yet_to_start - (progress.cancelled ?? 0);
  const settled = sent - progress.in_flight;
  const failed = new Set(failedPositions.map((position) => Math.floor(position / batchSize / size)));
  return Array.from({ length: Math.ceil(batches / size) }, (_, i) => {
    const from = i * size;
    const firstId = from * batchSize;
    const end = Math.min(progress.total, firstId + size * batchSize);
    return {
      from,
      size: Math.min(size, batches - from),
      status: failed.has(i) ? 'failed' : statusOf(firstId, end),
    };
  });

  function statusOf(firstId: number, end: number): Status {
    if (end <= settled) {
      return 'completed';
    }
    return firstId < sent ? 'triggered' : 'yet_to_start';
  }
}
