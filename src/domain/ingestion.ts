import type { GivenTime } from './given-time.js';
import type { Labels } from './labels.js';
import type { RequestTrace } from './request-trace.js';
import type { Priority } from './priority.js';

/** The reason of a cancellation that nobody asked for. */
export type CancelReason = 'expired';

/** The fields that a client gives with its ids, whether it submits them in one piece or as a stream. */
export interface IngestionFields {
  readonly lane: string;
  readonly priority: Priority;
  /** The client that submitted it; null if authentication is disabled. */
  readonly client: string | null;
  /** The URL that is notified when the ingestion has finished. */
  readonly callbackUrl?: string | undefined;
  readonly labels?: Labels | undefined;
  /** The cost of one id, for limits that count units; 1 by default. */
  readonly units?: number | undefined;
  /** The list is not in the queue before this time. */
  readonly notBefore?: GivenTime | undefined;
  /** Ids that were not sent by this time are cancelled. */
  readonly expiresAt?: GivenTime | undefined;
}

/** An ingestion as submitted by a client, ready to be stored. */
export interface NewIngestion extends IngestionFields {
  /** A fresh UUID. A replay is answered with the id of the first acceptance instead. */
  readonly ingestionId: string;
  /** The ids in the format of `packIds`: at least one, or none if they were staged. */
  readonly packedIds: Uint8Array;
  /** The staged ids. The ingestion is accepted only if all of them are stored. */
  readonly staged?: { readonly stagingNo: number; readonly ids: number };
  /** Absent if idempotency is disabled for this request. */
  readonly idempotency?: Idempotency;
  /**
   * The number of ids of this client that may be pending after the acceptance; {@link REJECT_NEW} rejects any new
   * ingestion. Absent means no limit. If authentication is disabled, all ids belong to one client.
   */
  readonly pendingLimit?: number;
  /** The trace of the submitting request; no store saves it. */
  readonly trace?: RequestTrace;
}

/** A `pendingLimit` that rejects every new ingestion and still lets replays through. */
export const REJECT_NEW = -1;

/** Identifies repeated requests. Both fields are digests, so that a store needs a fixed size for each. */
export interface Idempotency {
  /** Identifies the request: derived from the client's `Idempotency-Key` if there is one, else from the content. */
  readonly key: Uint8Array;
  /** Digest of the request's content. The same key with another content is a conflict. */
  readonly content: Uint8Array;
  readonly windowMs: number;
}

/** The result of submitting a {@link NewIngestion}. */
export type Acceptance =
  | { readonly kind: 'accepted'; readonly ingestionId: string }
  | { readonly kind: 'replayed'; readonly ingestionId: string }
  | { readonly kind: 'conflict' }
  /** The client has `pending` ids, so this ingestion would exceed {@link NewIngestion.pendingLimit}. */
  | { readonly kind: 'refused'; readonly pending: number };

/**
 * Identifies an ingestion. The number locates its rows. A promoted standby may have assigned the number to another
 * ingestion, so the id must match too.
 */
export interface IngestionKey {
  /** The sequence number, in the order of acceptance. */
  readonly seq: number;
  readonly ingestionId: string;
}

/**
 * An ingestion without its ids. Of the ids, `dispatched` were sent at least once, and `completed` and `failed` have
 * their outcome. `cancelled` were dropped by a cancellation: the ids that were never sent and those pending for a
 * retry.
 */
export interface IngestionRecord extends IngestionKey {
  readonly lane: string;
  readonly priority: Priority;
  /** The client that submitted it; null if authentication was disabled at that time. */
  readonly client: string | null;
  /** Null if it has none. */
  readonly labels: Labels | null;
  /** The wall time before which it is not in the queue; null if the client gave none. */
  readonly notBeforeMs: number | null;
  /** True while it is scheduled for later. */
  readonly isScheduled: boolean;
  /** The wall time at which it expires; null if the client gave none. */
  readonly expiresAtMs: number | null;
  /** The reason of the cancellation, if it was not a request. */
  readonly cancelReason: CancelReason | null;
  readonly total: number;
  readonly dispatched: number;
  /** Number of started batches. */
  readonly batches: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly cancelledAtMs: number | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The cost of one id, for limits that count units. */
  readonly units: number;
  /** The `seq` at its acceptance. It orders listings and never changes; a list that falls due gets another `seq`. */
  readonly listedSeq: number;
}

/** The position of an ingestion in a list ordered by acceptance time. */
export type IngestionCursor = Pick<IngestionRecord, 'createdAtMs' | 'listedSeq'>;

/** A started batch: `size` ids from position `first` on. Its ids never change. */
export interface StartedBatch {
  readonly first: number;
  readonly size: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** The error of an id of this batch that failed; null if none has. */
  readonly error: string | null;
}

/** An ingestion and some of its batches, read at the same moment. */
export interface IngestionPage {
  readonly ingestion: IngestionRecord;
  /** The started batches among those requested, in the order of the ids. */
  readonly started: readonly StartedBatch[];
}
