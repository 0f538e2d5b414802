import type { QueuePosition } from '../../../ingestion/ingestion.repository.js';
import type { LaneProgress, QueueStats } from '../../../operations/queue-admin/queue-admin.repository.js';

/** The state of a lane in its row of `gate`, with times relative to the store's clock. */
interface LaneRow {
  /** Wall time in ms. */
  readonly paused_at: number | null;
  readonly slot_taken_ms_ago: number;
  readonly held_for_ms: number;
}

export interface QueueStatsRow extends LaneRow {
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly scheduled: number;
  readonly retries: number;
  readonly retries_due: number;
  readonly in_flight: number;
}

export interface QueuePositionRow extends LaneRow {
  readonly waiting_ahead: number;
  readonly retries_ahead: number;
}

/** A condition as a store returns it: SQLite as 0 or 1, PostgreSQL as a boolean. */
type BooleanColumn = boolean | number;

export interface LaneProgressRow {
  readonly is_paused: BooleanColumn;
  readonly is_held: BooleanColumn;
  readonly has_due_ids: BooleanColumn;
  readonly has_new_claim: BooleanColumn;
  readonly last_sent_no: number | null;
}

/** Every lane that a process uses has a row: `LaneIds` inserts it. */
export function assertLaneRow<T>(row: T | undefined, lane: string): T {
  if (row === undefined) {
    throw new Error(`lane ${lane} has no row`);
  }
  return row;
}

export function toQueueStats(row: QueueStatsRow): QueueStats {
  return {
    pausedAtMs: row.paused_at,
    pending: { HIGH: row.high, MEDIUM: row.medium, LOW: row.low },
    scheduled: row.scheduled,
    pendingRetries: row.retries,
    dueRetries: row.retries_due,
    inFlight: row.in_flight,
    slotTakenMsAgo: row.slot_taken_ms_ago,
    heldForMs: row.held_for_ms,
  };
}

export function toQueuePosition(row: QueuePositionRow): QueuePosition {
  return {
    pendingAhead: row.waiting_ahead,
    retriesAhead: row.retries_ahead,
    pausedAtMs: row.paused_at,
    slotTakenMsAgo: row.slot_taken_ms_ago,
    heldForMs: row.held_for_ms,
  };
}

export function toLaneProgress(row: LaneProgressRow): LaneProgress {
  return {
    isPaused: Boolean(row.is_paused),
    isHeld: Boolean(row.is_held),
    hasDueIds: Boolean(row.has_due_ids),
    lastSentNo: row.last_sent_no,
    hasNewClaim: Boolean(row.has_new_claim),
  };
}
