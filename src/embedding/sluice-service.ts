import type { IncomingMessage, ServerResponse } from 'node:http';

export type ListPriority = 'HIGH' | 'MEDIUM' | 'LOW';

/** `yet_to_start` and `triggered` go on; the others are final. */
export type ListStatus = 'yet_to_start' | 'triggered' | 'completed' | 'failed' | 'cancelled';

/** An open transaction of the application in the database of the store: a client of `pg`, or a QueryRunner of TypeORM. */
export interface SqlTransaction {
  /** Runs one statement with values for $1, $2, …; returns the rows, or an object with `rows`. */
  query(text: string, values: unknown[]): Promise<unknown>;
}

export interface SubmitOptions {
  /** The default is MEDIUM. */
  readonly priority?: ListPriority;
  /** A repeated submission with the same key gives the same list. 1 to 255 printable ASCII characters. */
  readonly idempotencyKey?: string;
  /** The client to which the ids belong; the default is no client. */
  readonly client?: string;
  /** Receives a webhook when the list has finished. */
  readonly callbackUrl?: string;
  /** Up to 8 labels, values by name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The cost of one id, for limits of the lane that count units; the default is 1. */
  readonly units?: number;
  /** The list is not in the queue before this time: a moment, or a number of seconds from now. */
  readonly notBefore?: Date | number;
  /** Ids that were not sent by this time are cancelled: a moment, or a number of seconds from now. */
  readonly expiresAt?: Date | number;
  /**
   * Makes the list part of this transaction: its commit queues the list, its rollback leaves nothing. The store must be
   * PostgreSQL.
   */
  readonly transaction?: SqlTransaction;
}

export interface SubmittedList {
  readonly ingestionId: string;
  /** True if an earlier submission was found and nothing new was queued. */
  readonly replayed: boolean;
}

/** The cause for which the lane of a list sends none of its ids now: the fields of `held_by` in camel case. */
export interface ListHeldBy {
  /** For example `limit`, `quiet_hours` or `filling`; docs/operations.md has all kinds. */
  readonly kind: string;
  /** Null if that is unknown. */
  readonly since: Date | null;
  /** The time at which it ends by itself; null if no time ends it, or if that is unknown. */
  readonly until: Date | null;
  /** The limit as its owner stated it; null for every other kind. */
  readonly limit: string | null;
  /** The cause in words, without its times. */
  readonly text: string;
}

/** The status of a list without its batches: the fields of `GET /status/{ingestion_id}` in camel case. */
export interface ListProgress {
  readonly ingestionId: string;
  readonly lane: string;
  readonly priority: ListPriority;
  readonly status: ListStatus;
  /** Values by name; empty if the list has none. */
  readonly labels: Readonly<Record<string, string>>;
  /** The cost of one id, for limits that count units. */
  readonly units: number;
  /** The list is not in the queue before this time; null if none was given. */
  readonly notBefore: Date | null;
  /** Ids that were not sent by this time are cancelled; null if none was given. */
  readonly expiresAt: Date | null;
  /** `expired` if what was not sent by `expiresAt` was cancelled; null in all other cases. */
  readonly cancelReason: 'expired' | null;
  readonly createdAt: Date;
  /** The time of the last change. */
  readonly lastUpdatedAt: Date;
  readonly total: number;
  /** Ids that were never sent. */
  readonly yetToStart: number;
  /** Ids that were sent and have no outcome yet. */
  readonly inFlight: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Percentage of ids that have an outcome or were dropped. It is 100 only when all are. */
  readonly percent: number;
  /** Ids that will be sent before this list's next id. */
  readonly idsAhead: number;
  /** The expected time when the next id that was never sent is sent; null if no estimate is possible. */
  readonly estimatedStartAt: Date | null;
  /** Null if no estimate is possible. */
  readonly estimatedCompletionAt: Date | null;
  /** Why `estimatedCompletionAt` is not known; null if it is, or if every id has its outcome. */
  readonly estimateUnknown: 'paused' | 'upstream_fails' | 'no_pace' | 'late_call' | null;
  /** Null if the next dispatch may go, or if no id is pending. */
  readonly heldBy: ListHeldBy | null;
}

/** A list whose ids have all ended. */
export interface FinishedList {
  readonly ingestionId: string;
  readonly priority: ListPriority;
  readonly status: 'completed' | 'failed' | 'cancelled';
  /** Values by name; empty if the list has none. */
  readonly labels: Readonly<Record<string, string>>;
  /** `expired` if what was not sent by `expiresAt` was cancelled; null in all other cases. */
  readonly cancelReason: 'expired' | null;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

export type FinishedListener = (list: FinishedList) => unknown;

/** Submits, reads and cancels lists, with the checks of the HTTP API. */
export interface ListActions {
  /** @throws SluiceError as `POST /ingest` would answer; then nothing was queued. */
  submit(lane: string, ids: Iterable<number | bigint>, options?: SubmitOptions): Promise<SubmittedList>;
  /** @throws SluiceError of kind `not_found` for an unknown id. */
  status(ingestionId: string): Promise<ListProgress>;
  /**
   * Drops the ids that were not sent yet.
   * @throws SluiceError of kind `not_found` for an unknown id, `conflict` for a list that has ended.
   */
  cancel(ingestionId: string): Promise<void>;
}

/** A whole Sluice inside the process of another application. */
export interface SluiceService {
  readonly lists: ListActions;
  /** Serves the HTTP API and the dashboard; `request.url` must not contain the path of the mount. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Starts the dispatches. Lists may be submitted before. */
  start(): Promise<void>;
  /** Lets calls in flight end, up to the setting `shutdownGrace`, and closes the store. */
  close(): Promise<void>;
}
