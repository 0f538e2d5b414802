import type { Batch, Progress, Status } from '../../api/types.js';

/** Cells of a map: what a screen has room for, however long the list. */
export const MAX_CELLS = 600;

/** `mixed`: nobody knows which of its ids are how far, only how many of the whole list are. */
export type CellStatus = Status | 'mixed';

export interface Cell {
  /** The first of its ids, from 0. */
  readonly from: number;
  /** How many ids. */
  readonly size: number;
  readonly status: CellStatus;
}

/** One cell for each batch, where all are known. */
export function cellsOfBatches(batches: readonly Batch[]): Cell[] {
  let end = 0;
  return batches.map(({ ids, status }) => {
    const from = end;
    end += ids.length;
    return { from, size: ids.length, status };
  });
}

/**
 * Cells of a list too long for one for each batch: the same number of ids each. Ids go out in their order, so that how
 * many were never sent tells which; which gave up is known by their positions. Nothing is guessed: what is not known
 * is `mixed`.
 */
export function cellsOfProgress(progress: Progress, failedPositions: readonly number[]): Cell[] {
  const { total, yet_to_start: yetToStart, in_flight: inFlight, cancelled } = progress;
  const size = Math.ceil(total / MAX_CELLS);
  const isCertain = inFlight === 0 && cancelled === 0 && failedPositions.length >= progress.failed;
  const sent = total - yetToStart;
  const failed = new Set(failedPositions.map((position) => Math.floor(position / size)));
  return Array.from({ length: Math.ceil(total / size) }, (_, i) => {
    const from = i * size;
    const end = Math.min(total, from + size);
    return { from, size: end - from, status: failed.has(i) ? 'failed' : statusOf(from, end) };
  });

  function statusOf(from: number, end: number): CellStatus {
    if (from >= sent) {
      return 'yet_to_start';
    }
    return isCertain && end <= sent ? 'completed' : 'mixed';
  }
}
