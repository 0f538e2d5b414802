import type { Batch, Progress, Status } from '../../api/types.js';

/** Maximum number of cells in a grid: as many as a screen has room for. */
export const MAX_CELLS = 600;

/** Status of a cell. `mixed`: the status of its ids is unknown; only the totals of the list are known. */
export type CellStatus = Status | 'mixed';

export interface Cell {
  /** Position of its first id, from 0. */
  readonly from: number;
  /** Number of its ids. */
  readonly size: number;
  readonly status: CellStatus;
}

/** Returns one cell per batch; `batches` has to hold all batches of the list. */
export function cellsOfBatches(batches: readonly Batch[]): Cell[] {
  let end = 0;
  return batches.map(({ ids, status }) => {
    const from = end;
    end += ids.length;
    return { from, size: ids.length, status };
  });
}

/**
 * Returns cells of an equal number of ids, for a list with more batches than cells. Ids are sent in order, so the
 * number of ids not sent yet gives their positions; the positions of failed ids are given. Cells of unknown status
 * are `mixed`.
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
