/** A row of `ingestion`. */
export interface ListRow {
  readonly seq: number;
  readonly ingestionId: string;
  readonly laneNo: number;
  readonly rank: number;
  readonly total: number;
  readonly taken: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly isCancelled: boolean;
  readonly acceptedTime: number;
  readonly isFinished: boolean;
  readonly chunksOf: number;
}

/** A row of `retry`. */
export interface RetryRow {
  readonly laneNo: number;
  readonly rank: number;
  readonly dueTime: number;
  readonly seq: number;
  readonly position: number;
}

/** Ids of a list in one place. */
export interface RunRow {
  readonly seq: number;
  readonly first: number;
  readonly size: number;
}

/** Ids of a list in a dispatch that has not ended. */
export interface HeldRow extends RunRow {
  readonly dispatchId: string;
}

export interface GateRow {
  readonly laneNo: number;
  readonly lane: string;
  readonly pausedAt: number | null;
  readonly heldUntilTime: number;
}

/**
 * The rows of whole tables of the store, read with SQL of the simulation's own: what they say does not depend on the code that
 * is tested.
 */
export interface StoreRows {
  lists(): readonly ListRow[];
  retries(): readonly RetryRow[];
  dead(): readonly RunRow[];
  inFlight(): readonly HeldRow[];
  gates(): readonly GateRow[];
  /** Returns the ids of a list. */
  idsOf(list: ListRow): bigint[];
}
