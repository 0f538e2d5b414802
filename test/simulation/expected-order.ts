import type { ListRow, RetryRow } from './store-rows.js';

/** An id that may be sent now. */
export interface EligibleId {
  readonly seq: number;
  readonly position: number;
}

interface Claimant extends EligibleId {
  readonly rank: number;
  readonly isRetry: boolean;
  readonly sinceMs: number;
}

export interface OrderTerms {
  readonly laneNo: number;
  readonly agingMs: number | null;
  /** Store time. */
  readonly nowMs: number;
}

/** Returns every eligible id of a lane in the order in which it must be sent, by sorting all of them. */
export function expectedOrder(
  lists: readonly ListRow[],
  retries: readonly RetryRow[],
  { laneNo, agingMs, nowMs }: OrderTerms,
): EligibleId[] {
  const aged = (rank: number, sinceMs: number): number =>
    agingMs === null ? rank : Math.max(0, rank - Math.floor(Math.max(0, nowMs - sinceMs) / agingMs));
  const fresh = lists
    .filter((list) => list.laneNo === laneNo && !list.isCancelled)
    .flatMap(({ seq, rank, taken, total, acceptedTime }) =>
      Array.from({ length: total - taken }, (_, i): Claimant => ({
        seq,
        position: taken + i,
        rank: aged(rank, acceptedTime),
        isRetry: false,
        sinceMs: 0,
      })),
    );
  const due = retries
    .filter((retry) => retry.laneNo === laneNo && retry.dueTime <= nowMs)
    .map(({ seq, position, rank, dueTime }): Claimant => ({
      seq,
      position,
      rank: aged(rank, dueTime),
      isRetry: true,
      sinceMs: dueTime,
    }));
  return [...due, ...fresh].sort(
    (a, b) =>
      a.rank - b.rank ||
      (a.isRetry ? 0 : 1) - (b.isRetry ? 0 : 1) ||
      a.sinceMs - b.sinceMs ||
      a.seq - b.seq ||
      a.position - b.position,
  );
}
