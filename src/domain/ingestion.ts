import type { RequestTrace } from './request-trace.js';
import type { Priority } from './priority.js';

/** A list of ids as a client handed it over, ready to be kept. */
export interface NewIngestion {
  /** A fresh UUID; a replay answers with the first acceptance's instead. */
  readonly ingestionId: string;
  readonly lane: string;
  readonly priority: Priority;
  /** Whose it is; null where nobody is asked who he is. */
  readonly client: string | null;
  /** See `packIds`; at least one id, or none where they were staged. */
  readonly packedIds: Uint8Array;
  /** Where the ids were staged; it is accepted only where they are all there. */
  readonly staged?: { readonly stagingNo: number; readonly ids: number };
  /** Where to tell that it has ended. */
  readonly callbackUrl?: string;
  /** Absent when idempotency is off for this request. */
  readonly idempotency?: Idempotency;
  /**
   * How many ids of its client may wait once it is accepted, {@link REJECT_NEW} for none at all. Absent: any number.
   * Where nobody is asked who he is, all belong to one client.
   */
  readonly pendingLimit?: number;
  /** The trace of the request that brought it; no store keeps it. */
  readonly trace?: RequestTrace;
}

/** Whatever is new is refused. */
export const REJECT_NEW = -1;

/** What makes two requests the same one. Both are digests, so that a store keeps a fixed size. */
export interface Idempotency {
  /** Names the request: from the client's `Idempotency-Key`, or else from its content. */
  readonly key: Uint8Array;
  /** The request's content. The same key with another content is a conflict. */
  readonly content: Uint8Array;
  readonly windowMs: number;
}

/** What became of a {@link NewIngestion}. */
export type Acceptance =
  | { readonly kind: 'accepted'; readonly ingestionId: string }
  | { readonly kind: 'replayed'; readonly ingestionId: string }
  | { readonly kind: 'conflict' }
  /** With so many ids of its client that wait there is no room for it: see {@link NewIngestion.waitingCap}. */
  | { readonly kind: 'refused'; readonly pending: number };

/**
 * Names an ingestion. The number finds its rows; a standby that took over may have given it to another ingestion, so the
 * id has to fit too.
 */
export interface IngestionKey {
  /** Its place in the order of acceptance. */
  readonly seq: number;
  readonly ingestionId: string;
}

/**
 * Of the ids, `taken` have been sent at least once, `completed` and `failed` have their outcome, and `cancelled` were
 * dropped: where it was cancelled those that were never sent, and those that waited to be sent again.
 */
export interface IngestionRecord extends IngestionKey {
  readonly lane: string;
  readonly priority: Priority;
  /** Whose it is; null where it was accepted while nobody was asked. */
  readonly client: string | null;
  readonly total: number;
  readonly dispatched: number;
  /** Batches that have begun. */
  readonly batches: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly cancelledAtMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Where an ingestion stands among all, by the time at which it came. */
export type IngestionCursor = Pick<IngestionRecord, 'createdAtMs' | 'seq'>;

/** A batch that has begun: the ids from `first` on, `size` of them. They never change. */
export interface StartedBatch {
  readonly first: number;
  readonly size: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Why an id of this batch gave up; null while none has. */
  readonly error: string | null;
}

/** An ingestion and some of its batches, of one moment. */
export interface IngestionPage {
  readonly ingestion: IngestionRecord;
  /** Of the batches asked for, those that have begun, in the order of the ids. */
  readonly started: readonly StartedBatch[];
}
