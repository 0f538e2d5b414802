import type { Priority } from './priority.js';

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;

/** `pending`: to be sent, or to be sent again. `failed`: given up. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What came of the last attempt. */
export interface LastAttempt {
  readonly atMs: number;
  /** Null where there was no answer. */
  readonly httpStatus: number | null;
  /** Null where it succeeded. */
  readonly error: string | null;
}

/** Tells a receiver that an ingestion has ended. Written in the transaction that ended it. */
export interface Delivery {
  /** Rises with time: the cursor of a page, and the order of an ingestion's deliveries. */
  readonly deliveryNo: number;
  /** The same for every attempt: receivers know repetitions by it. */
  readonly deliveryId: string;
  readonly ingestionId: string;
  readonly url: string;
  readonly priority: Priority;
  /** The ingestion's ids as they stood at that end. */
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly endedAtMs: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Null where nothing more is to come by itself. */
  readonly nextAttemptAtMs: number | null;
  readonly lastAttempt: LastAttempt | null;
}

/** A delivery that this process is to make now. */
export interface ClaimedDelivery extends Delivery {
  /** Only who holds the last claim of this `deliveryId` records what came of it. It need not rise. */
  readonly claimNo: number;
  /** Whose ingestion it is; null where it belongs to no client. */
  readonly client: string | null;
  /** Since it was written, or asked for again. */
  readonly queuedMsAgo: number;
}

/** What came of an attempt, as it is to be recorded. */
export type AttemptOutcome = { readonly httpStatus: number | null; readonly error: string | null } & (
  { readonly state: 'delivered' | 'failed' } | { readonly state: 'pending'; readonly retryInMs: number }
);
