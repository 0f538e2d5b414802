import type { CancelReason } from './ingestion.js';
import type { Labels } from './labels.js';
import type { Priority } from './priority.js';

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;

/** `pending` deliveries will be attempted or retried. `failed` deliveries were abandoned. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** The result of the last attempt. */
export interface LastAttempt {
  readonly atMs: number;
  /** The HTTP status; null if there was no response. */
  readonly httpStatus: number | null;
  /** The error message; null if the attempt succeeded. */
  readonly error: string | null;
}

/** A notification that an ingestion has finished. It is stored in the transaction that finished the ingestion. */
export interface Delivery {
  /** A number that increases with time. It is the cursor of a page and orders an ingestion's deliveries. */
  readonly deliveryNo: number;
  /** The id is the same for every attempt, so that receivers can detect repetitions. */
  readonly deliveryId: string;
  readonly ingestionId: string;
  readonly url: string;
  readonly priority: Priority;
  /** The labels of the ingestion; absent if it has none. */
  readonly labels?: Labels;
  readonly cancelReason?: CancelReason;
  /** The ingestion's counts at the moment it finished. */
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly endedAtMs: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Wall time of the next attempt; null if no further attempt is scheduled. */
  readonly nextAttemptAtMs: number | null;
  readonly lastAttempt: LastAttempt | null;
}

/** A delivery that this process must attempt now. */
export interface ClaimedDelivery extends Delivery {
  /**
   * The fencing token: only the holder of the last claim of this `deliveryId` may record the outcome. The number need
   * not increase.
   */
  readonly claimNo: number;
  /** The client that owns the ingestion; null if it belongs to no client. */
  readonly client: string | null;
  /** Milliseconds since the delivery was created or redelivery was requested. */
  readonly queuedMsAgo: number;
}

/** The outcome of an attempt, as it will be recorded. */
export type AttemptOutcome = { readonly httpStatus: number | null; readonly error: string | null } & (
  { readonly state: 'delivered' | 'failed' } | { readonly state: 'pending'; readonly retryInMs: number }
);
